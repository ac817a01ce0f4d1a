import type { Env } from "../env.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { sweepOutbox } from "./outbox.ts";
import { sweepOverdue, sweepPending } from "./overdue.ts";

/** The schedule name of the sweep at start-up: the local queues have lost all they held, so everything is sent again. */
export const START_CRON = "@start";

const MOST_EVENTS = 5_000;
const MOST_CALLS = 400;

async function step(what: string, run: () => Promise<number>): Promise<void> {
  try {
    const count = await run();
    if (count > 0) logLine("info", what, { count });
  } catch (error) {
    // Each step is its own: where one cannot be done now, the next sweep tries again.
    logLine("error", `${what} failed`, { error: describeError(error) });
  }
}

/** Sends again what was left behind: events in the outbox, deliveries whose attempt is overdue. Never rejects. */
export async function sweep(env: Env, cron: string, nowMs: number): Promise<void> {
  if (cron === START_CRON) {
    await step("outbox swept", () => sweepOutbox(env, nowMs, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
    await step("pending deliveries swept", () => sweepPending(env, nowMs));
  } else {
    await step("outbox swept", () => sweepOutbox(env, nowMs, nowMs, MOST_CALLS));
    await step("overdue deliveries swept", () => sweepOverdue(env, nowMs, MOST_EVENTS));
  }
}
