import type { Destination } from "../../model/destination.ts";

// Attempts of a destination with a rate limit have numbered slots, a fixed number in each period since 1970. A slot that one
// isolate reserves is taken for all. An attempt whose slot is in a later period waits for that period to begin.

type RateLimit = NonNullable<Destination["rate_limit"]>;

/** Returns the number of the first slot in the present period. */
export function firstSlot({ requests, period_seconds }: RateLimit, nowMs: number): number {
  return Math.floor(nowMs / (period_seconds * 1_000)) * requests;
}

/** Returns when the periods of consecutive slots begin, in ms since 1970. */
export function slotTimes({ requests, period_seconds }: RateLimit, first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((first + index) / requests) * period_seconds * 1_000);
}
