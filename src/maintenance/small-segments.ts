import type { ShardDatabase } from "../platform/shards.ts";
import { claimTask, storeCursors } from "../storage/maintenance/maintenance-tasks.ts";

// How long events wait for others until they move in a small segment. Each segment has a row in D1 and an object in R2, and a page of a
// list reads a few objects only: many small segments would make the cold log slow and dear.

const TASK = "segments_small";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The wait, in ms: by part of HOT_HOURS, within limits. */
const WAIT_PART = 8;
const MIN_WAIT_MS = HOUR_MS;
const MAX_WAIT_MS = DAY_MS;
/** With HOT_HOURS=0: so many small segments of a day are written this soon. After them each wait is twice the one before, up to an hour. */
const SOON_A_DAY = 20;
const SOON_MS = 10_000;
/** A segment with so many events is not small. */
const ENOUGH_EVENTS = 200;

/** Returns the wait after this number of small segments of a day, with HOT_HOURS=0: in ms. */
function waitAfter(written: number): number {
  return Math.min(MIN_WAIT_MS, SOON_MS * 2 ** Math.max(0, written - SOON_A_DAY));
}

/**
 * Returns whether so many events need not wait for others any more. If so, the next ones wait from now on. With HOT_HOURS=0 at most some
 * fifty small segments a day are written.
 */
export async function claimSmallSegment(
  db: ShardDatabase,
  nowMs: number,
  hotHours: number,
  events: number,
): Promise<boolean> {
  const usual = Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, (hotHours * HOUR_MS) / WAIT_PART));
  const untilMs = nowMs + (hotHours === 0 ? SOON_MS : usual);
  const cursors = await claimTask(db, TASK, nowMs, untilMs);
  if (cursors === null || hotHours > 0 || events >= ENOUGH_EVENTS) return cursors !== null;
  const [before = "0", since = "0"] = cursors["day"] ?? [];
  const isSameDay = nowMs - Number(since) < DAY_MS;
  const written = isSameDay ? Number(before) + 1 : 1;
  await storeCursors(db, TASK, { day: [String(written), isSameDay ? since : String(nowMs)] });
  const wait = waitAfter(written);
  if (wait > SOON_MS) await claimTask(db, TASK, untilMs, nowMs + wait);
  return true;
}
