import { enqueueGroupCloses } from "../delivery/attempts/enqueue.ts";
import type { Context } from "../context.ts";
import { readOpenGroups } from "../storage/pipeline/groups.ts";
import type { MaintenanceTask } from "./task.ts";

/** The number of groups that one run rescues, the longest overdue first. */
const MAX_GROUPS = 5_000;
/** A group whose window is over is left to its message for this long, in ms. */
const MESSAGE_WAIT_MS = 60_000;

/** Enqueues the closing of groups without an event whose window ended by `closedBy` (ms since 1970), for when it is due. */
async function enqueueClosings({ shard, clock }: Context, closedBy: number): Promise<number> {
  const groups = await readOpenGroups(shard.db, closedBy, MAX_GROUPS);
  await enqueueGroupCloses(shard, groups, clock());
  return groups.length;
}

/** Enqueues the closing of overdue groups, because their message was lost. Returns their number. */
export const rescueGroups: MaintenanceTask = {
  name: "rescue_groups",
  per: "shard",
  run: (context) => enqueueClosings(context, context.clock() - MESSAGE_WAIT_MS),
};

/** Enqueues the closing of every group, after a queue has lost its messages. Returns their number. */
export const rescueAllGroups: MaintenanceTask = {
  name: "rescue_groups",
  per: "shard",
  run: (context) => enqueueClosings(context, Number.MAX_SAFE_INTEGER),
};
