import type { Env } from "../env.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { checkBalance } from "./balance.ts";
import { sweepGroups } from "./groups.ts";
import { sweepOutbox } from "./outbox.ts";
import { sweepOverdue, sweepPending } from "./overdue.ts";
import { sweepReplays } from "./replays.ts";
import { prune } from "./retention.ts";
import { watchForSilence } from "./silence.ts";

/** The schedule name of the sweep at start-up: the local queues have lost all they held, so everything is sent again. */
export const START_CRON = "@start";

const MOST_EVENTS = 5_000;
const MOST_CALLS = 400;
/** How long a group whose window is over is left to its message, in ms. */
const GROUP_WAIT_MS = 60_000;
/** How long a replay that is due is left to its message, in ms. */
const REPLAY_WAIT_MS = 10_000;

async function step(what: string, run: () => Promise<number>): Promise<void> {
  try {
    const count = await run();
    if (count > 0) logLine("info", what, { count });
  } catch (error) {
    // Each step is its own: where one cannot be done now, the next sweep tries again.
    logLine("error", `${what} failed`, { error: describeError(error) });
  }
}

/** Sends again what was left behind: events in the outbox, deliveries whose attempt and groups whose closing is overdue. Never rejects. */
export async function sweep(env: Env, cron: string, nowMs: number): Promise<void> {
  if (cron === START_CRON) {
    await step("outbox swept", () => sweepOutbox(env, nowMs, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
    await step("pending deliveries swept", () => sweepPending(env, nowMs));
    await step("open groups swept", () => sweepGroups(env, nowMs, Number.MAX_SAFE_INTEGER));
  } else {
    await step("outbox swept", () => sweepOutbox(env, nowMs, nowMs, MOST_CALLS));
    await step("overdue deliveries swept", () => sweepOverdue(env, nowMs, MOST_EVENTS));
    await step("overdue groups swept", () => sweepGroups(env, nowMs, nowMs - GROUP_WAIT_MS));
  }
  await step("replays gone on with", () => sweepReplays(env, nowMs - REPLAY_WAIT_MS));
  await step("silences told of", () => watchForSilence(env, nowMs));
  await step("pruned", () => prune(env, nowMs));
  await step("out of balance", () => checkBalance(env, nowMs));
}
