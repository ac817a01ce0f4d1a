import {
  type Attempt,
  DEFER_REASONS,
  type DeferReason,
  type Delivery,
  RETRIED_BY_HAND,
  type TOO_MANY_DESTINATIONS,
  waitsForResume,
} from "../../model/delivery.ts";
import { type Captured, NOTHING_CAPTURED, isNothing } from "../../model/captured.ts";
import { deliveryIdOf, replayedDeliveryIdOf } from "../../model/ids.ts";
import type { Recipient } from "../../routing/select.ts";
import type { RetryDecision } from "./retry-decision.ts";

// The state changes of a delivery. Pure, so that a change can be made again on a newer state of the same delivery.

/** Returns a pending delivery without attempts. `at` is an ISO time. */
export function newDelivery(eventId: string, { destination_id, route_id }: Recipient, at: string): Delivery {
  return {
    id: deliveryIdOf(eventId, destination_id),
    event_id: eventId,
    destination_id,
    route_id,
    replay_of: null,
    replayed_by: null,
    status: "pending",
    attempts: [],
    next_attempt_at: at,
    reason: null,
    created_at: at,
    updated_at: at,
  };
}

/** The subject of a replay: the last delivery of the event to a destination, or the event itself. */
export type Repeated = {
  readonly destination_id: string;
  readonly route_id: string | null;
  readonly replay_of: string;
};

/** Returns a delivery that repeats another, or delivers an event to a destination for the first time; no breaker defers it. */
export function replayedDelivery(eventId: string, repeated: Repeated, replayId: string, at: string): Delivery {
  const { destination_id, route_id, replay_of } = repeated;
  const original = newDelivery(eventId, { destination_id, route_id: route_id ?? "" }, at);
  const id = replayedDeliveryIdOf(eventId, destination_id, replayId);
  return { ...original, id, route_id, replay_of, reason: RETRIED_BY_HAND };
}

/** Notes on deliveries which of the new ones repeats them. */
export function markReplayed(existing: readonly Delivery[], made: readonly Delivery[]): readonly Delivery[] {
  const repeats = new Map(made.map(({ id, replay_of }) => [replay_of, id]));
  return existing.map((each) => ({ ...each, replayed_by: repeats.get(each.id) ?? each.replayed_by }));
}

/** Whether nothing of a delivery is left to send: its event was erased. */
function isErased({ reason }: Delivery): boolean {
  return reason === ("content_erased" satisfies CancelReason);
}

/** Makes a delivery due at once, whatever its state, unless it is delivered or its event was erased meanwhile. */
export function retryNow(delivery: Delivery, at: string): Delivery {
  if (delivery.status === "delivered" || isErased(delivery)) return delivery;
  return { ...delivery, status: "pending", reason: RETRIED_BY_HAND, next_attempt_at: at, updated_at: at };
}

/** Why a delivery is cancelled. `superseded`: an earlier event arrived, and this one is not deliverable any more. */
export type CancelReason =
  | "destination_disabled"
  | "destination_deleted"
  | "content_erased"
  | "superseded"
  /** The command that listened did not come back, and its destination was removed. */
  | "listener_gone";

/** Cancels a pending delivery. */
export function cancel(delivery: Delivery, reason: CancelReason, at: string): Delivery {
  if (delivery.status !== "pending") return delivery;
  return { ...delivery, status: "cancelled", reason, next_attempt_at: null, updated_at: at };
}

/** Gives a pending delivery up without an attempt. */
export function abandon(delivery: Delivery, reason: typeof TOO_MANY_DESTINATIONS, at: string): Delivery {
  if (delivery.status !== "pending") return delivery;
  return { ...delivery, status: "dead", reason, next_attempt_at: null, updated_at: at };
}

/** Makes a superseded delivery pending again. */
export function reinstate(delivery: Delivery, at: string): Delivery {
  if (delivery.status !== "cancelled" || delivery.reason !== "superseded") return delivery;
  return { ...delivery, status: "pending", reason: null, next_attempt_at: at, updated_at: at };
}

/** Moves the next attempt of a pending delivery to another time. */
export function reschedule(delivery: Delivery, until: string): Delivery {
  return delivery.status === "pending" ? { ...delivery, next_attempt_at: until } : delivery;
}

/** Defers a pending delivery because of its destination, without an attempt. */
export function defer(delivery: Delivery, reason: DeferReason, until: string): Delivery {
  return delivery.status === "pending" ? { ...delivery, reason, next_attempt_at: until } : delivery;
}

/** Defers a pending delivery until its destination is resumed. */
export function deferUntilResumed(delivery: Delivery): Delivery {
  return delivery.status === "pending"
    ? { ...delivery, reason: DEFER_REASONS.paused, next_attempt_at: null }
    : delivery;
}

/** Defers a pending delivery until a command listens to its destination. */
function deferUntilHeard(delivery: Delivery, at: string): Delivery {
  return delivery.status === "pending"
    ? { ...delivery, reason: DEFER_REASONS.listener, next_attempt_at: null, updated_at: at }
    : delivery;
}

/** Makes a delivery due that waited for its destination to be resumed or listened to. */
export function resumeAt(delivery: Delivery, at: string): Delivery {
  if (delivery.status !== "pending" || !waitsForResume(delivery)) return delivery;
  return { ...delivery, reason: null, next_attempt_at: at };
}

/** Returns a delivery with what its attempt captured. What an earlier attempt captured stays. */
function withCaptured(delivery: Delivery, captured: Captured): Delivery {
  const isKept = delivery.captured !== undefined || isNothing(captured) || isErased(delivery);
  return isKept ? delivery : { ...delivery, captured };
}

/** Makes a delivery due that waited for earlier ones of its alert. */
export function makeDue(delivery: Delivery, at: string): Delivery {
  return delivery.reason === DEFER_REASONS.order ? reschedule(delivery, at) : delivery;
}

/** Enters an attempt. A delivery that another consumer has delivered meanwhile stays delivered and shows the attempt too. */
export function enterAttempt(
  delivery: Delivery,
  attempt: Attempt,
  decision: RetryDecision,
  at: string,
  captured: Captured = NOTHING_CAPTURED,
): Delivery {
  if (decision.kind === "hold") return deferUntilHeard(delivery, at);
  if (decision.kind === "wait") {
    return reschedule(delivery, new Date(Date.parse(at) + decision.delay_seconds * 1000).toISOString());
  }
  // An attempt that was in flight when the event was erased must not show a response either.
  const shown = isErased(delivery) ? { ...attempt, response_body: null } : attempt;
  const attempts = [...delivery.attempts, { ...shown, number: delivery.attempts.length + 1 }];
  const entered = withCaptured({ ...delivery, attempts, updated_at: at }, captured);
  if (delivery.status === "delivered") return entered;
  switch (decision.kind) {
    case "delivered":
      return { ...entered, status: "delivered", reason: null, next_attempt_at: null };
    case "dead":
      return { ...entered, status: "dead", reason: decision.reason, next_attempt_at: null };
    case "retry": {
      if (delivery.status !== "pending") return entered;
      const next = new Date(Date.parse(at) + decision.delay_seconds * 1000).toISOString();
      return { ...entered, reason: attempt.error, next_attempt_at: next };
    }
  }
}

/** Joins the attempts of two consumers at one delivery. It is delivered if either consumer delivered it. */
export function joinAttempts(theirs: Delivery, ours: Delivery): Delivery {
  // Two consumers can attempt a delivery in the same millisecond, so the time alone does not identify an attempt.
  const nameOf = ({ at, status, duration_ms, error }: Attempt): string =>
    JSON.stringify([at, status, duration_ms, error]);
  const known = new Set(theirs.attempts.map(nameOf));
  const attempts = [...theirs.attempts, ...ours.attempts.filter((attempt) => !known.has(nameOf(attempt)))].map(
    (attempt, index) => ({ ...attempt, number: index + 1 }),
  );
  const joined = withCaptured({ ...theirs, attempts }, ours.captured ?? NOTHING_CAPTURED);
  if (ours.status !== "delivered" || theirs.status === "delivered") return joined;
  return { ...joined, status: "delivered", reason: null, next_attempt_at: null, updated_at: ours.updated_at };
}
