import { LOG_END, LOG_START, cursorAtTime } from "./cursor.ts";

/** The time of receipt of events, in ms since 1970; both ends are inclusive. An undefined end does not restrict. */
export type TimeRange = { readonly from_ms?: number | undefined; readonly to_ms?: number | undefined };

/** Returns the ids of events in a range and below `below`: those below `start` and from `floor` on. */
export function boundsOfRange(
  { from_ms, to_ms }: TimeRange,
  below: string,
): { readonly start: string; readonly floor: string } {
  const end = to_ms === undefined ? LOG_END.id : cursorAtTime(to_ms + 1).id;
  return { start: end < below ? end : below, floor: from_ms === undefined ? LOG_START.id : cursorAtTime(from_ms).id };
}
