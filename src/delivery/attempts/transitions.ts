import { type Attempt, type Delivery, RETRIED_BY_HAND } from "../../model/delivery.ts";
import { deliveryIdOf, replayedDeliveryIdOf } from "../../model/ids.ts";
import type { Recipient } from "../../routing/select.ts";
import type { Verdict } from "./retry-decision.ts";

// How a delivery changes. Pure, so that a change can be made again on a newer state of the same delivery.

/** A delivery that is owed and not yet attempted. `at` is an ISO time. */
export function newDelivery(eventId: string, recipient: Recipient, at: string): Delivery {
  return {
    id: deliveryIdOf(eventId, recipient.destination_id),
    event_id: eventId,
    destination_id: recipient.destination_id,
    route_id: recipient.route_id,
    replay_of: null,
    status: "pending",
    attempts: [],
    next_attempt_at: at,
    reason: null,
    created_at: at,
    updated_at: at,
  };
}

/** What a replay repeats: the last delivery of the event to a destination, or the event itself. */
export type Repeated = {
  readonly destination_id: string;
  readonly route_id: string | null;
  readonly replay_of: string;
};

/** A new delivery that repeats one, or tells a destination of an event that was never owed it; no breaker holds it up. */
export function replayedDelivery(eventId: string, repeated: Repeated, replayId: string, at: string): Delivery {
  const { destination_id, route_id, replay_of } = repeated;
  const original = newDelivery(eventId, { destination_id, route_id: route_id ?? "" }, at);
  const id = replayedDeliveryIdOf(eventId, destination_id, replayId);
  return { ...original, id, route_id, replay_of, reason: RETRIED_BY_HAND };
}

/** Has a delivery tried again at once, whatever became of it; one that was delivered stays as it is. */
export function retryNow(delivery: Delivery, at: string): Delivery {
  if (delivery.status === "delivered") return delivery;
  return { ...delivery, status: "pending", reason: RETRIED_BY_HAND, next_attempt_at: at, updated_at: at };
}

/** Why a delivery will not be made. `superseded`: an earlier event turned up, and this one is no longer owed. */
export type CancelReason = "destination_disabled" | "destination_deleted" | "content_erased" | "superseded";

/** Gives a pending delivery up; any other stays as it is. */
export function cancel(delivery: Delivery, reason: CancelReason, at: string): Delivery {
  if (delivery.status !== "pending") return delivery;
  return { ...delivery, status: "cancelled", reason, next_attempt_at: null, updated_at: at };
}

/** Takes up again what was given up because it was owed no longer; any other stays as it is. */
export function reinstate(delivery: Delivery, at: string): Delivery {
  if (delivery.status !== "cancelled" || delivery.reason !== "superseded") return delivery;
  return { ...delivery, status: "pending", reason: null, next_attempt_at: at, updated_at: at };
}

/** Puts the next attempt of a pending delivery off without spending one. */
export function postpone(delivery: Delivery, until: string): Delivery {
  return delivery.status === "pending" ? { ...delivery, next_attempt_at: until } : delivery;
}

/** Holds a pending delivery up until a time, for a reason that is not its own attempts. */
export function holdUp(delivery: Delivery, reason: string, until: string): Delivery {
  return delivery.status === "pending" ? { ...delivery, reason, next_attempt_at: until } : delivery;
}

/** Enters an attempt. One that another consumer has delivered meanwhile stays delivered; the attempt is still shown. */
export function enterAttempt(delivery: Delivery, attempt: Attempt, verdict: Verdict, at: string): Delivery {
  // An attempt that was under way when the event was erased shows no answer either.
  const isErased = delivery.reason === ("content_erased" satisfies CancelReason);
  const shown = isErased ? { ...attempt, response_body: null } : attempt;
  const attempts = [...delivery.attempts, { ...shown, number: delivery.attempts.length + 1 }];
  const entered = { ...delivery, attempts, updated_at: at };
  if (delivery.status === "delivered") return entered;
  switch (verdict.kind) {
    case "delivered":
      return { ...entered, status: "delivered", reason: null, next_attempt_at: null };
    case "dead":
      return { ...entered, status: "dead", reason: verdict.reason, next_attempt_at: null };
    case "retry": {
      if (delivery.status !== "pending") return entered;
      const next = new Date(Date.parse(at) + verdict.delay_seconds * 1000).toISOString();
      return { ...entered, reason: attempt.error, next_attempt_at: next };
    }
  }
}

/** Two consumers' accounts of one delivery in one: every attempt shows, and it is delivered if either delivered it. */
export function joinAttempts(theirs: Delivery, ours: Delivery): Delivery {
  // Their times alone do not tell attempts apart: two consumers may well make theirs in the same millisecond.
  const nameOf = ({ at, status, duration_ms, error }: Attempt): string =>
    JSON.stringify([at, status, duration_ms, error]);
  const known = new Set(theirs.attempts.map(nameOf));
  const attempts = [...theirs.attempts, ...ours.attempts.filter((attempt) => !known.has(nameOf(attempt)))].map(
    (attempt, index) => ({ ...attempt, number: index + 1 }),
  );
  if (ours.status !== "delivered" || theirs.status === "delivered") return { ...theirs, attempts };
  return { ...theirs, attempts, status: "delivered", reason: null, next_attempt_at: null, updated_at: ours.updated_at };
}
