import { enqueueReplay } from "../delivery/replay/replay-step.ts";
import { RESCUE_AFTER_MS } from "../platform/limits.ts";
import { readDueReplays } from "../storage/pipeline/replays.ts";
import type { MaintenanceTask } from "./task.ts";

const MAX_REPLAYS = 100;

/** Enqueues replays whose step is overdue, because their message was lost. Returns their number. */
export const rescueReplays: MaintenanceTask = {
  name: "rescue_replays",
  per: "shard",
  async run(context) {
    const due = await readDueReplays(context.shard.db, context.clock() - RESCUE_AFTER_MS, MAX_REPLAYS);
    for (const { id } of due) await enqueueReplay(context, id, 0);
    return due.length;
  },
};
