import type { Destination } from "../../client/index.ts";
import { type Health, Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";

const HEALTH = {
  healthy: "ok",
  failing: "failing",
  paused_by_breaker: "dead",
  probing: "pending",
} as const satisfies Record<Destination["health"]["status"], Health>;

const WORDS = {
  healthy: "healthy",
  failing: "failing",
  paused_by_breaker: "paused by breaker",
  probing: "probing",
} as const satisfies Record<Destination["health"]["status"], string>;

/** How much a destination needs attention: failing ones stand first in the list. */
export function urgencyOf({ enabled, paused_at, health }: Destination): number {
  if (!enabled) return 1;
  if (health.status !== "healthy") return 3;
  return paused_at === null ? 0 : 2;
}

export function DestinationStatus({ destination }: { readonly destination: Destination }) {
  const { enabled, paused_at, health } = destination;
  if (!enabled) return <Status health="quiet">disabled</Status>;
  if (paused_at !== null) return <Status health="pending">paused</Status>;
  return <Status health={HEALTH[health.status]}>{WORDS[health.status]}</Status>;
}

const REASONS: Readonly<Record<string, string>> = {
  disabled_by_hand: "It was disabled by hand.",
  gone: "It responded 410: it is permanently gone.",
};

/** Says in a sentence why deliveries do not arrive, and what the gateway does next. Nothing for a healthy destination. */
export function HealthNote({ destination }: { readonly destination: Destination }) {
  const { enabled, disabled_reason, paused_at, health } = destination;
  if (!enabled) {
    return (
      <p className="callout" data-health="quiet">
        <strong>Disabled.</strong>{" "}
        <bdi>{disabled_reason === null ? "" : (REASONS[disabled_reason] ?? `${disabled_reason}.`)}</bdi> Pending
        deliveries were cancelled, and new events are not delivered to it.
      </p>
    );
  }
  if (paused_at !== null) {
    return (
      <p className="callout" data-health="pending">
        <strong>Paused</strong> since <Time at={paused_at} />. Its deliveries wait and none is cancelled. Resume it to
        deliver them.
      </p>
    );
  }
  if (health.failing_since === null) return null;
  return (
    <p className="callout" data-health="dead">
      <strong>{`${health.failures} ${health.failures === 1 ? "attempt" : "attempts"} failed in a row`}</strong>, since{" "}
      <Time at={health.failing_since} />.{" "}
      {health.status === "probing" ? "One attempt tests the destination now. " : null}
      {health.status === "paused_by_breaker" && health.retry_at !== null ? (
        <>
          The circuit breaker defers deliveries until <Time at={health.retry_at} /> (
          <Time at={health.retry_at} as="relative" />
          ), then one attempt tests the destination.{" "}
        </>
      ) : null}
      Test it, correct what is wrong, and replay the dead deliveries.
    </p>
  );
}
