import type { Env } from "../env.ts";
import { reconcile } from "../model/reconciliation.ts";
import { audit } from "../storage/tallies.ts";
import { claimTask } from "../storage/upkeep.ts";
import { logLine } from "../telemetry/log.ts";

const TASK = "balance";
/** How often the balance is drawn up, in ms: it reads the tallies, and the events of the hours that are not over. */
const EVERY_MS = 600_000;

/** Draws up the balance now and then, and tells where what was accepted is not all accounted for. Answers by how much. */
export async function checkBalance(env: Env, nowMs: number): Promise<number> {
  if ((await claimTask(env.DB, TASK, nowMs, nowMs + EVERY_MS)) === null) return 0;
  const { accepted, outcomes, outbox } = await audit(env.DB, nowMs);
  const balance = reconcile(accepted, outcomes, outbox);
  if (balance.balanced) return 0;
  logLine("error", "out of balance: what was accepted is not all accounted for", { ...balance });
  const accounted = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return Math.abs(accepted - accounted);
}
