import { writeRollups } from "../storage/maintenance/rollups.ts";
import type { MaintenanceTask } from "./task.ts";

/** The age at which an event is counted, in ms. Most are recorded long before; later ones are counted as they are recorded. */
const COUNT_AFTER_MS = 60_000;
const MAX_STEPS = 50;

/** Counts the events of a shard that are about a minute old. Returns the number of hours that it wrote. */
export const rollups: MaintenanceTask = {
  name: "rollups",
  per: "shard",
  async run({ shard, clock }) {
    const beforeMs = clock() - COUNT_AFTER_MS;
    let hours = 0;
    for (let step = 0; step < MAX_STEPS; step++) {
      const written = await writeRollups(shard.db, beforeMs);
      hours += written.hours;
      if (written.is_done) break;
    }
    return hours;
  },
};
