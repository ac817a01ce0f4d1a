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
const PARTS: readonly (readonly MaintenanceTask[])[] = [
  [prune],
  [
    rescueOutbox,
    rescueDeliveries,
    rescueGroups,
    rescueReplays,
    pendingChanges,
    rewrapKeys,
    rollups,
    moveEventsToSegments,
  ],
  [series, heartbeats, announcements, reconcile, checkSegments],
];
export const TASKS: readonly MaintenanceTask[] = PARTS.flat();
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

const MINUTE_MS = 60_000;
/** An invocation may make 50 D1 queries on the Free plan, and 1,000 on the Paid plan. */
const FREE_SHARE = 50 / 1_000;

/** Returns the tasks of a run. On the Free plan the parts take turns, a minute each, because one invocation may not do all. */
function tasksOf(cron: string, { settings, clock }: Context): readonly MaintenanceTask[] {
  if (cron === START_CRON) return TASKS_AT_START;
  return settings.plan === "paid" ? TASKS : (PARTS[Math.floor(clock() / MINUTE_MS) % PARTS.length] ?? TASKS);
}

async function runTask({ name, per, max_calls, run }: MaintenanceTask, context: Context): Promise<void> {
  const ofPlan = context.settings.plan === "free" ? max_calls * FREE_SHARE : max_calls;
  const maxCalls = Math.ceil(per === "shard" ? ofPlan / context.shards.length : ofPlan);
  const fields = { task: name, ...(per === "shard" ? shardField(context) : {}) };
  try {
    const count = await run(context, maxCalls);
    if (count > 0) logLine("info", "maintenance.task_completed", { ...fields, count });
  } catch (error) {
    // Tasks are independent. The next run repeats a task that failed.
    logLine("error", "maintenance.task_failed", { ...fields, error: describeError(error) });
  }
}

/** Runs the tasks of maintenance that are due, one after the other. `cron` is the schedule that triggered the run. Never rejects. */
export async function runMaintenance(context: Context, cron: string): Promise<void> {
  for (const task of tasksOf(cron, context)) {
    const shards = task.per === "shard" ? context.shards : [context.shards[0]];
    for (const shard of shards) await runTask(task, withShard(context, shard));
  }
}
