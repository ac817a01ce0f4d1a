import { type RefObject, useEffect, useRef, useState } from "react";
import { type Arrival, pick } from "./arrivals.ts";

type Held = {
  readonly shown: readonly Arrival[];
  /** How many arrivals wait until the viewer asks for them. */
  readonly fresh: number;
  readonly showFresh: () => void;
  readonly list: RefObject<HTMLDivElement | null>;
  readonly handlers: { readonly onPointerMove: () => void; readonly onPointerLeave: () => void };
};

/**
 * Keeps rows in their places while the viewer uses them: the pointer moves over them, the focus is in them, or they are scrolled.
 * `readAt` changes with each answer of the gateway.
 */
export function useHeld(arrivals: readonly Arrival[], readAt: number): Held {
  const list = useRef<HTMLDivElement>(null);
  const isPointed = useRef(false);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const showFresh = (): void => setKeys(arrivals.map(({ key }) => key));
  useEffect(() => {
    const element = list.current;
    const isUsed =
      isPointed.current || (element !== null && (element.contains(document.activeElement) || element.scrollTop > 0));
    if (!isUsed || keys.length === 0) showFresh();
    // Decided once for each answer: rows never move because the pointer does.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [readAt]);
  const known = new Set(keys);
  return {
    shown: pick(arrivals, keys),
    fresh: arrivals.filter(({ key }) => !known.has(key)).length,
    showFresh,
    list,
    handlers: {
      onPointerMove: () => {
        isPointed.current = true;
      },
      onPointerLeave: () => {
        isPointed.current = false;
      },
    },
  };
}
