import type { Destination } from "../../model/destination.ts";
import { type AttemptOutcome, type RetryDecision, isSuccess, isUnsent } from "./retry-decision.ts";

/** Why the gateway disables a destination: it responded with 410, or has failed for too long. */
export type DisabledReason = "gone" | "failing";

/** A change that an attempt makes beyond its own delivery. Effects are data until the batch runs them (run-effects.ts). */
export type Effect =
  | { readonly kind: "record_success"; readonly destination: Destination }
  | {
      readonly kind: "record_failure";
      readonly destination: Destination;
      readonly throttled_ms: number;
      /** What happened, without anything that the destination responded. */
      readonly reason: string;
      /** Whether system events may report it. */
      readonly is_reported: boolean;
    }
  /** A delivery has died that system events may report. */
  | { readonly kind: "report_dead"; readonly destination: Destination; readonly reason: string }
  | { readonly kind: "disable"; readonly destination: Destination; readonly reason: DisabledReason };

/** A `Retry-After` keeps the breaker open for at most this long, in ms: only the delivery that received it waits longer. */
const MAX_THROTTLE_MS = 300_000;

function throttledMs(outcome: AttemptOutcome): number {
  if (outcome.kind !== "responded" || (outcome.status !== 429 && outcome.status !== 503)) return 0;
  return Math.min(MAX_THROTTLE_MS, (outcome.retry_after_seconds ?? 0) * 1_000);
}

function reasonOf(outcome: AttemptOutcome): string {
  switch (outcome.kind) {
    case "responded":
      return `The destination responded with status ${outcome.status}.`;
    case "timed_out":
      return "The destination did not respond in time.";
    case "failed":
    case "stored":
    case "refused":
    case "waiting":
    case "skipped":
    case "not_connected":
    case "lacking":
      return "The destination could not be reached.";
  }
}

/** Returns the effects of an attempt. `isReported`: the event is not of the gateway itself, so that system events report failures. */
export function effectsOf(
  destination: Destination,
  outcome: AttemptOutcome,
  decision: RetryDecision,
  isReported: boolean,
): Effect[] {
  const dead: readonly Effect[] =
    isReported && decision.kind === "dead" ? [{ kind: "report_dead", destination, reason: decision.reason }] : [];
  // An attempt that the gateway did not send says nothing about the destination.
  if (isUnsent(outcome)) return [...dead];
  if (isSuccess(outcome)) return [{ kind: "record_success", destination }];
  const isGone = decision.kind === "dead" && decision.reason === "gone";
  const reason = reasonOf(outcome);
  return [
    { kind: "record_failure", destination, throttled_ms: throttledMs(outcome), reason, is_reported: isReported },
    ...(isGone ? [{ kind: "disable", destination, reason: "gone" } as const] : []),
    ...dead,
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
  /** What the latest of these failures was that system events report, or null. */
  readonly failure: string | null;
  readonly disable: DisabledReason | null;
  /** The deliveries that died, and why the last one did. */
  readonly dead: { readonly count: number; readonly reason: string } | null;
};

function addEffect(sum: DestinationEffects, effect: Effect): DestinationEffects {
  switch (effect.kind) {
    case "record_success":
      return { ...sum, succeeded: true, failures: 0, throttled_ms: 0, failure: null };
    case "record_failure":
      return {
        ...sum,
        failures: sum.failures + 1,
        throttled_ms: Math.max(sum.throttled_ms, effect.throttled_ms),
        failure: effect.is_reported ? effect.reason : sum.failure,
      };
    case "report_dead":
      return { ...sum, dead: { count: (sum.dead?.count ?? 0) + 1, reason: effect.reason } };
    case "disable":
      return { ...sum, disable: effect.reason };
  }
}

/** Sums the effects of a batch up by destination. Effects are in the order in which the attempts ended. */
export function sumEffects(effects: readonly Effect[]): DestinationEffects[] {
  const sums = new Map<string, DestinationEffects>();
  const nothing = { succeeded: false, failures: 0, throttled_ms: 0, failure: null, disable: null, dead: null };
  for (const effect of effects) {
    const { destination } = effect;
    sums.set(destination.id, addEffect(sums.get(destination.id) ?? { destination, ...nothing }, effect));
  }
  return [...sums.values()];
}
