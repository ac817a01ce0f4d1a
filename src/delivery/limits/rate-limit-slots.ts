import type { Destination } from "../../model/destination.ts";

// Attempts of a destination with a rate limit have numbered places, so many in each period since 1970; a place that is
// booked is nobody else's, whichever isolate books. Whoever's place is in a later period waits for that to begin.

type RateLimit = NonNullable<Destination["rate_limit"]>;

/** The number of the first place in the period that it is now. */
export function firstPlace({ requests, period_seconds }: RateLimit, nowMs: number): number {
  return Math.floor(nowMs / (period_seconds * 1_000)) * requests;
}

/** When the periods of consecutive places begin, in ms since 1970. */
export function placeTimes({ requests, period_seconds }: RateLimit, first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((first + index) / requests) * period_seconds * 1_000);
}
