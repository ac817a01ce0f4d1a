import { type Context, withShard } from "../context.ts";
import { shardField } from "../platform/shards.ts";
import { describeError, logLine } from "../platform/log.ts";
import { announcements } from "./announcements.ts";
import { checkSegments } from "./check-segments.ts";
import { heartbeats } from "./heartbeats.ts";
import { moveEventsToSegments } from "./move-events.ts";
import { pendingChanges } from "./pending-changes.ts";
import { prune } from "./prune.ts";
import { reconcile } from "./reconcile.ts";
import { rescueAllDeliveries, rescueDeliveries } from "./rescue-deliveries.ts";
import { rescueAllGroups, rescueGroups } from "./rescue-groups.ts";
import { rescueAllOutbox, rescueOutbox } from "./rescue-outbox.ts";
import { rescueReplays } from "./rescue-replays.ts";
import { rewrapKeys } from "./rewrap-keys.ts";
import { rollups } from "./rollups.ts";
import { series } from "./series.ts";
import type { MaintenanceTask } from "./task.ts";

/** The schedule name of the run at start-up. Local queues have lost their messages then, so everything is enqueued again. */
export const START_CRON = "@start";

// Retention comes first: a full database stops everything, and whatever ends a run early must not keep it from its turn.
export const TASKS: readonly MaintenanceTask[] = [
  prune,
  rescueOutbox,
  rescueDeliveries,
  rescueGroups,
  rescueReplays,
  pendingChanges,
  rewrapKeys,
  rollups,
  moveEventsToSegments,
  series,
  heartbeats,
  announcements,
  reconcile,
  checkSegments,
];
const TASKS_AT_START: readonly MaintenanceTask[] = [
  rescueAllOutbox,
  rescueAllDeliveries,
  rescueAllGroups,
  rescueReplays,
  pendingChanges,
  rewrapKeys,
  heartbeats,
  rollups,
  moveEventsToSegments,
  series,
  prune,
  announcements,
  reconcile,
];

async function runTask({ name, per, max_calls, run }: MaintenanceTask, context: Context): Promise<void> {
  const maxCalls = per === "shard" ? Math.ceil(max_calls / context.shards.length) : max_calls;
  const fields = { task: name, ...(per === "shard" ? shardField(context) : {}) };
  try {
    const count = await run(context, maxCalls);
    if (count > 0) logLine("info", "maintenance.task_completed", { ...fields, count });
  } catch (error) {
    // Tasks are independent. The next run repeats a task that failed.
    logLine("error", "maintenance.task_failed", { ...fields, error: describeError(error) });
  }
}

/** Runs all tasks of maintenance, one after the other. `cron` is the schedule that triggered the run. Never rejects. */
export async function runMaintenance(context: Context, cron: string): Promise<void> {
  for (const task of cron === START_CRON ? TASKS_AT_START : TASKS) {
    const shards = task.per === "shard" ? context.shards : [context.shards[0]];
    for (const shard of shards) await runTask(task, withShard(context, shard));
  }
}
