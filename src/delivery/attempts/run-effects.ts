import type { Context } from "../../context.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { recordFailures, recordRecovery, openBreaker } from "../../storage/destinations/health.ts";
import { openForMs } from "../limits/breaker.ts";
import { disable } from "./disable.ts";
import { type DestinationEffects, type DisabledReason, type Effect, sumEffects } from "./effects.ts";
import { changePending } from "./pending-changes.ts";

/** Counts failures, and opens the breaker after some. Returns why the destination is to be disabled, or null. */
async function countFailures(
  { primary, settings, caches, clock }: Context,
  { destination, failures, throttled_ms }: DestinationEffects,
): Promise<DisabledReason | null> {
  const state = await recordFailures(primary, destination.id, failures, clock());
  if (state === null) return null;
  const openMs = Math.max(openForMs(state.failures), throttled_ms);
  const retry_at = openMs === 0 ? state.retry_at : clock() + openMs;
  if (openMs > 0 && retry_at !== null) await openBreaker(primary, destination.id, retry_at);
  caches.health.learn(destination.id, { ...state, retry_at, probe_until: null });
  return clock() - state.failing_since >= settings.disable_after_seconds * 1_000 ? "failing" : null;
}

/** Closes the breaker of a destination that was failing, and has the deliveries that waited for it attempted at once. */
async function recover(context: Context, destinationId: string): Promise<void> {
  const { health } = context.caches;
  if (health.stateOf(destinationId) === undefined) return;
  health.learn(destinationId, undefined);
  if (await recordRecovery(context.primary, destinationId)) await changePending(context, destinationId, "resume");
}

async function runForDestination(context: Context, effects: DestinationEffects): Promise<void> {
  const { destination, succeeded, failures } = effects;
  let reason = effects.disable;
  try {
    if (succeeded) await recover(context, destination.id);
    if (failures > 0) reason = (await countFailures(context, effects)) ?? reason;
  } catch (error) {
    logLine("warn", "destination.health_record_failed", {
      destination_id: destination.id,
      error: describeError(error),
    });
  }
  if (reason !== null) await disable(context, destination, reason);
}

/**
 * Runs the effects of attempts, in the order in which these ended. Never rejects: the destination's next
 * attempt has the same effects again.
 */
export async function runEffects(context: Context, effects: readonly Effect[]): Promise<void> {
  for (const each of sumEffects(effects)) await runForDestination(context, each);
}
