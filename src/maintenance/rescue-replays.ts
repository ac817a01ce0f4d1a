import { enqueueReplay } from "../delivery/replay/replay-step.ts";
import { RESCUE_AFTER_MS } from "../platform/limits.ts";
import { readDueReplays } from "../storage/pipeline/replays.ts";
import type { MaintenanceTask } from "./task.ts";

/** Enqueues replays whose step is overdue, because their message was lost. Returns their number. */
export const rescueReplays: MaintenanceTask = {
  name: "rescue_replays",
  per: "shard",
  max_calls: 50,
  async run(context, maxCalls) {
    const due = await readDueReplays(context.shard.db, context.clock() - RESCUE_AFTER_MS, Math.max(1, maxCalls - 1));
    for (const { id } of due) await enqueueReplay(context, id, 0);
    return due.length;
  },
};
