import { writeRollups } from "../storage/maintenance/rollups.ts";
import type { MaintenanceTask } from "./task.ts";

/** The age at which an event is counted, in ms. Most are recorded long before; later ones are counted as they are recorded. */
const COUNT_AFTER_MS = 60_000;
/** The calls of a step, which counts up to 10,000 events. */
const CALLS_PER_STEP = 3;

/** Counts the events of a shard that are about a minute old. Returns the number of hours that it wrote. */
export const rollups: MaintenanceTask = {
  name: "rollups",
  per: "shard",
  max_calls: 90,
  async run({ shard, clock }, maxCalls) {
    const beforeMs = clock() - COUNT_AFTER_MS;
    const maxSteps = Math.max(1, Math.floor(maxCalls / CALLS_PER_STEP));
    let hours = 0;
    for (let step = 0; step < maxSteps; step++) {
      const written = await writeRollups(shard.db, beforeMs);
      hours += written.hours;
      if (written.is_done) break;
    }
    return hours;
  },
};
