import type { Destination } from "../../model/destination.ts";
import { noteFailure, noteRecovery, openBreaker } from "../../storage/destinations/health.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Context } from "../../context.ts";
import { openForMs } from "../limits/breaker.ts";
import { disable } from "./disable.ts";
import { type AttemptOutcome, isSuccess } from "./retry-decision.ts";
import { resumePutOff } from "./resume.ts";

/** The longest that a `Retry-After` keeps the breaker open, in ms: other deliveries need not wait as long as the one that got it. */
const MAX_THROTTLE_MS = 300_000;

function throttledForMs(outcome: AttemptOutcome): number {
  if (outcome.kind !== "responded" || (outcome.status !== 429 && outcome.status !== 503)) return 0;
  return Math.min(MAX_THROTTLE_MS, (outcome.retry_after_seconds ?? 0) * 1_000);
}

async function noteFailed(context: Context, destination: Destination, outcome: AttemptOutcome): Promise<void> {
  const { primary, settings, caches } = context;
  const state = await noteFailure(primary, destination.id, context.clock());
  if (state === null) return;
  const openMs = Math.max(openForMs(state.failures), throttledForMs(outcome));
  const retry_at = openMs === 0 ? state.retry_at : context.clock() + openMs;
  if (openMs > 0 && retry_at !== null) await openBreaker(primary, destination.id, retry_at);
  caches.health.learn(destination.id, { ...state, retry_at, probe_until: null });
  const failingForMs = context.clock() - state.failing_since;
  if (failingForMs >= settings.disable_after_seconds * 1_000) await disable(context, destination, "failing");
}

/**
 * Enters what an attempt tells of its destination: marks, breaker, and the end of one that has failed for too long. Never
 * rejects: what cannot be entered now the next attempt will tell again.
 */
export async function noteOutcome(
  context: Context,
  destination: Destination,
  outcome: AttemptOutcome,
  durationMs: number,
): Promise<void> {
  const { health } = context.caches;
  // What the gateway refuses to send says nothing of the destination.
  if (outcome.kind === "refused") return;
  const succeeded = isSuccess(outcome);
  health.note(destination.id, succeeded, durationMs);
  try {
    if (!succeeded) await noteFailed(context, destination, outcome);
    else if (health.stateOf(destination.id) !== undefined) {
      health.learn(destination.id, undefined);
      if (await noteRecovery(context.primary, destination.id)) await resumePutOff(context, destination.id);
    }
  } catch (error) {
    logLine("warn", "outcome not entered", { destination_id: destination.id, error: describeError(error) });
  }
}
