import { enqueueGroupCloses } from "../delivery/attempts/enqueue.ts";
import type { Context } from "../context.ts";
import { MAX_BATCH_MESSAGES } from "../platform/limits.ts";
import { readOpenGroups } from "../storage/pipeline/groups.ts";
import type { MaintenanceTask } from "./task.ts";

/** The number of groups that a run at start-up rescues. */
const MAX_GROUPS_AT_START = 50_000;
/** A group whose window is over is left to its message for this long, in ms. */
const MESSAGE_WAIT_MS = 60_000;

/** Enqueues the closing of groups without an event whose window ended by `closedBy` (ms since 1970), for when it is due. */
async function enqueueClosings({ shard, clock }: Context, closedBy: number, limit: number): Promise<number> {
  const groups = await readOpenGroups(shard.db, closedBy, limit);
  await enqueueGroupCloses(shard, groups, clock());
  return groups.length;
}

/** Enqueues the closing of overdue groups, because their message was lost. Returns their number. */
export const rescueGroups: MaintenanceTask = {
  name: "rescue_groups",
  per: "shard",
  max_calls: 60,
  // One call reads the groups, the longest overdue first, and each other one enqueues a batch of them.
  run: (context, maxCalls) =>
    enqueueClosings(context, context.clock() - MESSAGE_WAIT_MS, Math.max(1, maxCalls - 1) * MAX_BATCH_MESSAGES),
};

/** Enqueues the closing of every group, after a queue has lost its messages. Returns their number. */
export const rescueAllGroups: MaintenanceTask = {
  name: "rescue_groups",
  per: "shard",
  max_calls: Number.POSITIVE_INFINITY,
  run: (context) => enqueueClosings(context, Number.MAX_SAFE_INTEGER, MAX_GROUPS_AT_START),
};
