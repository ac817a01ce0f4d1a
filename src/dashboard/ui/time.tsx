import { useEffect, useState } from "react";
import { clockTime, fullTime, relativeTime, utcTime } from "./time-text.ts";

type TimeProps = { readonly at: string; readonly as?: "clock" | "full" | "relative" };

const REFRESH_MS = 10_000;

/** The current time, renewed while the page is visible. */
function useNow(everyMs = REFRESH_MS): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

function RelativeTime({ at }: { readonly at: string }) {
  return <>{relativeTime(Date.parse(at), useNow())}</>;
}

/** A time in the viewer's zone; its title shows it in UTC. */
export function Time({ at, as = "clock" }: TimeProps) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={utcTime(date)}>
      {as === "relative" ? <RelativeTime at={at} /> : as === "full" ? fullTime(date) : clockTime(date, new Date())}
    </time>
  );
}
