import { lowestIdAt, timeOf } from "../../model/ids.ts";

// The hours that rollups count events by, and how far they have come.

export const HOUR_MS = 3_600_000;

/** Returns the hour that an event counts in, in hours since 1970. */
export function hourOf(eventId: string): number {
  return Math.floor(timeOf(eventId) / HOUR_MS);
}

/** Returns an hour with the bounds of its event ids: from the first one on, up to the second. */
export function boundsOf(hour: number): { readonly hour: number; readonly from: string; readonly to: string } {
  const lowest = (each: number): string => lowestIdAt("evt", Math.max(0, each) * HOUR_MS);
  return { hour, from: lowest(hour), to: lowest(hour + 1) };
}

/** The task of maintenance that counts events. */
export const ROLLUP_TASK = "rollup";

/** SQL for the watermark: the id of the event that all events have been counted through to. */
export const WATERMARK = `COALESCE((SELECT position->'events'->>0 FROM maintenance_tasks WHERE task = '${ROLLUP_TASK}'), '')`;
