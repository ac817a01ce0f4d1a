import { useEffect, useState } from "react";
import { writeJson } from "../../model/portable-json.ts";

/** A value as it was when it had not changed for a while. */
export function useDebounced<T>(value: T, waitMs: number): T {
  const [settled, setSettled] = useState(value);
  const key = writeJson(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), waitMs);
    return () => clearTimeout(timer);
    // The text of the value decides, so that an equal one does not wait again.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key, waitMs]);
  return settled;
}
