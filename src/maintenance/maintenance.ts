import { type Context, withShard } from "../context.ts";
import { shardField } from "../platform/shards.ts";
import { RESCUE_AFTER_MS } from "../platform/limits.ts";
import { describeError, logLine } from "../platform/log.ts";
import { checkBalance, countUp } from "./rollups.ts";
import { sweepGroups } from "./rescue-groups.ts";
import { sweepOutbox } from "./rescue-outbox.ts";
import { sweepOverdue, sweepPending } from "./rescue-deliveries.ts";
import { sweepReplays } from "./rescue-replays.ts";
import { prune } from "./prune.ts";
import { watchForSilence } from "./heartbeats.ts";

/** The schedule name of the sweep at start-up: the local queues have lost all they held, so everything is sent again. */
export const START_CRON = "@start";

/** What one sweep does at most; the shards share it, for a Worker may make so many calls and no more. */
const MAX_EVENTS = 5_000;
const MAX_CALLS = 400;
/** How long a group whose window is over is left to its message, in ms. */
const GROUP_WAIT_MS = 60_000;

async function step(context: Context, what: string, run: () => Promise<number>): Promise<void> {
  try {
    const count = await run();
    if (count > 0) logLine("info", what, { ...shardField(context), count });
  } catch (error) {
    // Each step is its own: where one cannot be done now, the next sweep tries again.
    logLine("error", `${what} failed`, { ...shardField(context), error: describeError(error) });
  }
}

/** Sends again what a shard left behind. */
async function sendAgain(context: Context, cron: string, nowMs: number, share: number): Promise<void> {
  if (cron === START_CRON) {
    await step(context, "outbox swept", () =>
      sweepOutbox(context, nowMs, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    );
    await step(context, "pending deliveries swept", () => sweepPending(context, nowMs));
    await step(context, "open groups swept", () => sweepGroups(context, nowMs, Number.MAX_SAFE_INTEGER));
  } else {
    await step(context, "outbox swept", () => sweepOutbox(context, nowMs, nowMs, MAX_CALLS / share));
    await step(context, "overdue deliveries swept", () => sweepOverdue(context, nowMs, Math.ceil(MAX_EVENTS / share)));
    await step(context, "overdue groups swept", () => sweepGroups(context, nowMs, nowMs - GROUP_WAIT_MS));
  }
  await step(context, "replays gone on with", () => sweepReplays(context, nowMs - RESCUE_AFTER_MS));
}

/**
 * Sends again what was left behind in any shard: events in the outbox, deliveries whose attempt and groups whose closing is
 * overdue. Never rejects.
 */
export async function sweep(context: Context, cron: string, nowMs: number): Promise<void> {
  const shards = context.shards.map((shard) => withShard(context, shard));
  for (const shard of shards) await sendAgain(shard, cron, nowMs, shards.length);
  await step(context, "silences told of", () => watchForSilence(context, nowMs));
  for (const shard of shards) {
    await step(shard, "accepted events counted", () => countUp(shard, nowMs));
    await step(shard, "pruned", () => prune(shard, nowMs));
    await step(shard, "out of balance", () => checkBalance(shard, nowMs));
  }
}
