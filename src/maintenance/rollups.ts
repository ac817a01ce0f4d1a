import { addNumbers, forgetIsolates, reportHoles } from "../model/gaps.ts";
import type { Context } from "../context.ts";
import { CALLS_PER_READING, readNewNumbers, storeGaps } from "../storage/maintenance/gaps.ts";
import { writeRollups } from "../storage/maintenance/rollups.ts";
import type { MaintenanceTask } from "./task.ts";

/** The age at which an event is counted, in ms. Most are recorded long before; later ones are counted as they are recorded. */
const COUNT_AFTER_MS = 60_000;
/** The calls of a step, which counts up to 10,000 events. */
const CALLS_PER_STEP = 5;
const MAX_STEP_CALLS = 90;
/** The readings of numbers, each of up to 25,000 events. */
const MAX_READINGS = 8;
const DAY_MS = 86_400_000;

/** Counts events, and returns the number of hours that it wrote and whether none is left. */
async function count({ shard, clock }: Context, maxCalls: number): Promise<{ hours: number; isDone: boolean }> {
  const beforeMs = clock() - COUNT_AFTER_MS;
  const maxSteps = Math.max(1, Math.floor(maxCalls / CALLS_PER_STEP));
  let hours = 0;
  for (let step = 0; step < maxSteps; step++) {
    const written = await writeRollups(shard.db, beforeMs);
    hours += written.hours;
    if (written.is_done) return { hours, isDone: true };
  }
  return { hours, isDone: false };
}

/** Adds the numbers of counted events, and others that arrived, to what is known of each isolate, and finds what is missing. */
export async function findGaps(
  { shard, clock, settings }: Context,
  isCounted: boolean,
  maxCalls: number,
): Promise<void> {
  const maxReadings = Math.max(1, Math.floor(maxCalls / CALLS_PER_READING));
  for (let reading = 0; reading < maxReadings; reading++) {
    const now = clock();
    const read = await readNewNumbers(shard.db, now);
    const added = read.arrived.length === 0 ? read.stored.gaps : addNumbers(read.stored.gaps, read.arrived, now);
    // What has not been read yet could fill a hole.
    const reported = isCounted && read.is_whole ? reportHoles(added, now) : added;
    const gaps = forgetIsolates(reported, now, settings.retention_days * DAY_MS);
    const isNews = read.has_events || read.row_ids.length > 0 || gaps !== read.stored.gaps;
    if (isNews) await storeGaps(shard.db, read, gaps);
    if (read.is_whole) break;
  }
}

/** Counts the events of a shard that are about a minute old, and finds gaps. Returns the number of hours that it wrote. */
export const rollups: MaintenanceTask = {
  name: "rollups",
  per: "shard",
  max_calls: MAX_STEP_CALLS + MAX_READINGS * CALLS_PER_READING,
  async run(context, maxCalls) {
    const ofSteps = maxCalls * (MAX_STEP_CALLS / rollups.max_calls);
    const { hours, isDone } = await count(context, ofSteps);
    await findGaps(context, isDone, maxCalls - ofSteps);
    return hours;
  },
};
