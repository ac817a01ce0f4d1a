import type { Context } from "../context.ts";
import { reconcile } from "../model/reconciliation.ts";
import { shardField } from "../platform/shards.ts";
import { audit, countAccepted } from "../storage/maintenance/rollups.ts";
import { claimTask } from "../storage/maintenance/maintenance-tasks.ts";
import { logLine } from "../platform/log.ts";

const TASK = "balance";
/** How often the balance is drawn up, in ms: it reads the rollups, and the events of the hours that are not over. */
const EVERY_MS = 600_000;

/** How old an event is when it is counted, in ms: most are on record long before, and who comes later is counted by itself. */
const COUNT_AFTER_MS = 60_000;
const MAX_STEPS = 50;

/** Counts what a shard accepted up to about a minute ago, a bounded number of events. Answers nothing to tell of. */
export async function countUp(context: Context, nowMs: number): Promise<number> {
  for (let step = 0; step < MAX_STEPS; step++) {
    if (await countAccepted(context.shard.db, nowMs - COUNT_AFTER_MS)) break;
  }
  return 0;
}

/** Draws up the balance of a shard now and then, and tells where what was accepted is not all accounted for. Answers by how much. */
export async function checkBalance(context: Context, nowMs: number): Promise<number> {
  if ((await claimTask(context.shard.db, TASK, nowMs, nowMs + EVERY_MS)) === null) return 0;
  const { accepted, outcomes, outbox } = await audit(context.shard.db, nowMs);
  const balance = reconcile(accepted, outcomes, outbox);
  if (balance.balanced) return 0;
  logLine("error", "out of balance: what was accepted is not all accounted for", {
    ...shardField(context),
    ...balance,
  });
  const accounted = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return Math.abs(accepted - accounted);
}
