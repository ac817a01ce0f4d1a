import type { Context } from "../../context.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { openBreaker, recordFailures, recordRecovery } from "../../storage/destinations/health.ts";
import { prepareAnnouncement, sendAnnouncements } from "../../system-events/announce.ts";
import { reportOccurrence } from "../../system-events/occurrences.ts";
import { aboutDestination } from "../../system-events/subjects.ts";
import { openForMs } from "../limits/breaker.ts";
import { disable } from "./disable.ts";
import { type DestinationEffects, type DisabledReason, type Effect, sumEffects } from "./effects.ts";
import { changePending } from "./pending-changes.ts";

/** What failures came to: whether they were ever announced, and why the destination is to be disabled, or null. */
type Counted = { readonly announced: boolean; readonly disable: DisabledReason | null };

/** Counts failures, announces the first ones, and opens the breaker after some. */
async function countFailures(context: Context, effects: DestinationEffects): Promise<Counted> {
  const { primary, settings, caches, clock } = context;
  const { destination, failures, failure, throttled_ms } = effects;
  const { id } = destination;
  const facts = { subject: aboutDestination(destination), since_ms: clock(), count: failures };
  const announcement =
    failure === null ? null : await prepareAnnouncement(context, "destination.failing", { ...facts, reason: failure });
  const record = { destination_id: id, count: failures, is_announced: failure !== null, announcement };
  const { state, announced_now } = await recordFailures(primary, record, clock());
  if (announced_now && announcement !== null) await sendAnnouncements(context, [announcement]);
  if (state === null) return { announced: false, disable: null };
  const openMs = Math.max(openForMs(state.failures), throttled_ms);
  const retry_at = openMs === 0 ? state.retry_at : clock() + openMs;
  if (openMs > 0 && retry_at !== null) await openBreaker(primary, id, retry_at);
  caches.health.learn(id, { ...state, retry_at, probe_until: null });
  const isLong = clock() - state.failing_since >= settings.disable_after_seconds * 1_000;
  return { announced: state.announced, disable: isLong ? "failing" : null };
}

/** Closes the breaker of a destination that was failing, and has the deliveries that waited for it attempted at once. */
async function recover(context: Context, { destination }: DestinationEffects): Promise<void> {
  const { health } = context.caches;
  const state = health.stateOf(destination.id);
  if (state === undefined) return;
  const facts = { subject: aboutDestination(destination), since_ms: state.failing_since, count: state.failures };
  const announcement = await prepareAnnouncement(context, "destination.recovered", facts);
  health.learn(destination.id, undefined);
  const { was_failing, announced_now } = await recordRecovery(context.primary, destination.id, announcement);
  if (announced_now && announcement !== null) await sendAnnouncements(context, [announcement]);
  if (was_failing) await changePending(context, destination.id, "resume");
}

async function reportDead(context: Context, { destination, dead }: DestinationEffects): Promise<void> {
  if (dead === null) return;
  const facts = { subject: aboutDestination(destination), since_ms: context.clock(), ...dead };
  await reportOccurrence(context, { type: "delivery.dead", id: destination.id, facts });
}

async function runForDestination(context: Context, effects: DestinationEffects): Promise<void> {
  const { destination, succeeded, failures, failure } = effects;
  let reason = effects.disable;
  let isReported = failure !== null;
  try {
    if (succeeded) await recover(context, effects);
    if (failures > 0) {
      const counted = await countFailures(context, effects);
      reason = counted.disable ?? reason;
      isReported ||= counted.announced;
    }
    await reportDead(context, effects);
  } catch (error) {
    logLine("warn", "destination.health_record_failed", {
      destination_id: destination.id,
      error: describeError(error),
    });
  }
  if (reason !== null) await disable(context, destination, reason, isReported);
}

/**
 * Runs the effects of attempts, in the order in which these ended. Never rejects: the destination's next
 * attempt has the same effects again.
 */
export async function runEffects(context: Context, effects: readonly Effect[]): Promise<void> {
  for (const each of sumEffects(effects)) await runForDestination(context, each);
}
