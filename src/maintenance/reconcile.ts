import { reconcile as compare } from "../model/reconciliation.ts";
import { shardField } from "../platform/shards.ts";
import { claimTask } from "../storage/maintenance/maintenance-tasks.ts";
import { readTotals } from "../storage/maintenance/reconciliation.ts";
import { logLine } from "../platform/log.ts";
import type { MaintenanceTask } from "./task.ts";

const TASK = "reconcile";
/** The interval of the comparison, in ms. It reads the rollups, and the events of the hours that are not final. */
const INTERVAL_MS = 600_000;

/** Compares what a shard accepted with what became of it, and logs an error if they differ. Returns 0: it handles no rows. */
export const reconcile: MaintenanceTask = {
  name: "reconcile",
  per: "shard",
  max_calls: 110,
  async run(context) {
    const nowMs = context.clock();
    const { db } = context.shard;
    if ((await claimTask(db, TASK, nowMs, nowMs + INTERVAL_MS)) === null) return 0;
    const { accepted, outcomes, outbox } = await readTotals(db, nowMs);
    const compared = compare(accepted, outcomes, outbox);
    if (!compared.balanced) logLine("error", "reconciliation.unbalanced", { ...shardField(context), ...compared });
    return 0;
  },
};
