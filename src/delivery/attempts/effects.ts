import type { Destination } from "../../model/destination.ts";
import { type AttemptOutcome, type RetryDecision, isSuccess } from "./retry-decision.ts";

/** Why the gateway disables a destination: it responded with 410, or has failed for too long. */
export type DisabledReason = "gone" | "failing";

/** A change that an attempt makes beyond its own delivery. Effects are data until the batch runs them (run-effects.ts). */
export type Effect =
  | { readonly kind: "record_success"; readonly destination: Destination }
  | { readonly kind: "record_failure"; readonly destination: Destination; readonly throttled_ms: number }
  | { readonly kind: "disable"; readonly destination: Destination; readonly reason: DisabledReason };

/** A `Retry-After` keeps the breaker open for at most this long, in ms: only the delivery that received it waits longer. */
const MAX_THROTTLE_MS = 300_000;

function throttledMs(outcome: AttemptOutcome): number {
  if (outcome.kind !== "responded" || (outcome.status !== 429 && outcome.status !== 503)) return 0;
  return Math.min(MAX_THROTTLE_MS, (outcome.retry_after_seconds ?? 0) * 1_000);
}

/** Returns the effects of an attempt. */
export function effectsOf(destination: Destination, outcome: AttemptOutcome, decision: RetryDecision): Effect[] {
  // An attempt that the gateway did not send says nothing about the destination.
  if (outcome.kind === "refused" || outcome.kind === "waiting") return [];
  if (isSuccess(outcome)) return [{ kind: "record_success", destination }];
  const isGone = decision.kind === "dead" && decision.reason === "gone";
  return [
    { kind: "record_failure", destination, throttled_ms: throttledMs(outcome) },
    ...(isGone ? [{ kind: "disable", destination, reason: "gone" } as const] : []),
  ];
}

/** The effects of a batch on one destination. */
export type DestinationEffects = {
  readonly destination: Destination;
  /** True if any attempt succeeded. */
  readonly succeeded: boolean;
  /** Failures since the last success of the batch. */
  readonly failures: number;
  readonly throttled_ms: number;
  readonly disable: DisabledReason | null;
};

function addEffect(sum: DestinationEffects, effect: Effect): DestinationEffects {
  switch (effect.kind) {
    case "record_success":
      return { ...sum, succeeded: true, failures: 0, throttled_ms: 0 };
    case "record_failure":
      return {
        ...sum,
        failures: sum.failures + 1,
        throttled_ms: Math.max(sum.throttled_ms, effect.throttled_ms),
      };
    case "disable":
      return { ...sum, disable: effect.reason };
  }
}

/** Sums the effects of a batch up by destination. Effects are in the order in which the attempts ended. */
export function sumEffects(effects: readonly Effect[]): DestinationEffects[] {
  const sums = new Map<string, DestinationEffects>();
  for (const effect of effects) {
    const { destination } = effect;
    const none = { destination, succeeded: false, failures: 0, throttled_ms: 0, disable: null };
    sums.set(destination.id, addEffect(sums.get(destination.id) ?? none, effect));
  }
  return [...sums.values()];
}
