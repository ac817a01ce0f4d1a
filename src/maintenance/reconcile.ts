import type { Context } from "../context.ts";
import { reportedGaps } from "../model/gaps.ts";
import { reconcile as compare } from "../model/reconciliation.ts";
import { shardField } from "../platform/shards.ts";
import { claimTask, storeCursors } from "../storage/maintenance/maintenance-tasks.ts";
import { readGaps } from "../storage/maintenance/gaps.ts";
import { readTotals } from "../storage/maintenance/reconciliation.ts";
import { type RecountState, parseRecount, recount, recountCursors } from "../storage/maintenance/recount.ts";
import { logLine } from "../platform/log.ts";
import { beginState, endState } from "../system-events/occurrences.ts";
import { aboutShard } from "../system-events/subjects.ts";
import type { MaintenanceTask } from "./task.ts";

const TASK = "reconcile";
/** The interval of the comparison, in ms. It reads the rollups, and the events of hours that are not final. */
const INTERVAL_MS = 600_000;
/** What a run counts in all shards together: again, and of the latest hours. */
const RECOUNT = { max_events: 100_000, max_hours: 10 } as const;
const COUNT = { max_counted: 100_000, max_hours: 40 } as const;
const MAX_CALLS = 110;

/** Reports once that the comparison has begun to fail. */
async function report(context: Context, isBalanced: boolean, missing: number): Promise<void> {
  const type = "reconciliation.failed";
  const { shard } = context;
  const id = `shard ${shard.number}`;
  if (isBalanced && missing === 0) return await endState(context, type, id);
  const reason = isBalanced ? "messages_missing" : "unbalanced";
  const facts = {
    subject: aboutShard(shard),
    since_ms: context.clock(),
    reason,
    ...(missing > 0 ? { count: missing } : {}),
  };
  await beginState(context, { type, id, facts });
}

/** Compares what a shard accepted with what became of it, and logs an error if they differ. Returns 0: it handles no rows. */
export const reconcile: MaintenanceTask = {
  name: "reconcile",
  per: "shard",
  max_calls: MAX_CALLS,
  async run(context, maxCalls) {
    const nowMs = context.clock();
    const { db } = context.shard;
    const cursors = await claimTask(db, TASK, nowMs, nowMs + INTERVAL_MS);
    if (cursors === null) return 0;
    const before = parseRecount(cursors);
    const part = (whole: number): number => Math.ceil((whole * maxCalls) / MAX_CALLS);
    const after: RecountState = await recount(db, nowMs, before, {
      max_events: part(RECOUNT.max_events),
      max_hours: part(RECOUNT.max_hours),
    });
    if (JSON.stringify(after) !== JSON.stringify(before)) await storeCursors(db, TASK, recountCursors(after));
    const { accepted, outcomes, outbox } = await readTotals(db, nowMs, {
      max_counted: part(COUNT.max_counted),
      max_hours: part(COUNT.max_hours),
    });
    const compared = compare(accepted, outcomes, outbox);
    if (!compared.balanced) logLine("error", "reconciliation.unbalanced", { ...shardField(context), ...compared });
    const missing = reportedGaps(await readGaps(db)).reduce((sum, { count }) => sum + count, 0);
    if (missing > 0) logLine("error", "reconciliation.messages_missing", { ...shardField(context), missing });
    await report(context, compared.balanced, missing);
    return 0;
  },
};
