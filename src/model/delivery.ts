import * as z from "zod/mini";
import type { Captured } from "./captured.ts";
import { lazy } from "./lazy.ts";

export const DELIVERY_STATUSES = ["pending", "delivered", "dead", "cancelled"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One HTTP request of a delivery. */
export type Attempt = {
  readonly number: number;
  readonly at: string;
  readonly status: number | null;
  readonly duration_ms: number;
  readonly response_body: string | null;
  readonly error: string | null;
};

/** One event for one destination, as the API shows it and as `events.deliveries` stores it. */
export type Delivery = {
  readonly id: string;
  readonly event_id: string;
  readonly destination_id: string;
  /** The first route that matched. Null if the delivery was made by hand for a destination that no route names. */
  readonly route_id: string | null;
  /** The delivery that it repeats, or the event if the destination had none of it. Null for originals. */
  readonly replay_of: string | null;
  /** The delivery that repeats it, or null. */
  readonly replayed_by: string | null;
  readonly status: DeliveryStatus;
  readonly attempts: readonly Attempt[];
  /** Null if no attempt follows, or none until the destination is resumed. */
  readonly next_attempt_at: string | null;
  readonly reason: string | null;
  /** Values of the response that are kept for the alert; absent if there are none. */
  readonly captured?: Captured;
  readonly created_at: string;
  readonly updated_at: string;
};

/** Why a pending delivery is deferred: for a reason of its destination or of the gateway, not of its own attempts. */
export const DEFER_REASONS = {
  breaker: "breaker_open",
  rate_limit: "rate_limited",
  concurrency: "busy",
  keys: "gateway_keys_unavailable",
  /** Until the destination is resumed: such a delivery has no time of its next attempt. */
  paused: "paused",
  /** Until a command listens to the destination: such a delivery has no time of its next attempt either. */
  listener: "not_connected",
  /** Until earlier deliveries of the same alert to the destination are final. */
  order: "waits_for_earlier",
} as const;
export type DeferReason = (typeof DEFER_REASONS)[keyof typeof DEFER_REASONS];

/** Returns whether a pending delivery waits until its destination is resumed, or until a command listens to it. */
export function waitsForResume({ reason, next_attempt_at }: Delivery): boolean {
  return (reason === DEFER_REASONS.paused || reason === DEFER_REASONS.listener) && next_attempt_at === null;
}

/** The reason of a delivery that was retried by hand. */
export const RETRIED_BY_HAND = "retried_by_hand";

/** The reason of the dead delivery that stands for all recipients of an event past the most that it can have. */
export const TOO_MANY_DESTINATIONS = "too_many_destinations";

/**
 * A message of the DELIVERIES queue. `attempts` is the number made so far: a message that finds more is out of date. `slot_at`
 * is when the delivery got a slot of its destination's rate limit that it has not used (ms since 1970).
 */
export type DeliveryMessage = {
  readonly v: 1;
  readonly delivery_id: string;
  readonly attempts: number;
  readonly slot_at?: number | undefined;
};

const deliveryMessage = lazy(() =>
  z.object({
    v: z.literal(1),
    delivery_id: z.string(),
    attempts: z.int().check(z.nonnegative()),
    slot_at: z.optional(z.number()),
  }),
);

/** Parses a message of the DELIVERIES queue. Returns null if it is no message about a delivery. */
export function parseDeliveryMessage(body: unknown): DeliveryMessage | null {
  return deliveryMessage().safeParse(body).data ?? null;
}

/** A message of the DELIVERIES queue: the window of a group is over. */
export type CloseGroupMessage = { readonly v: 1; readonly close_group: string };

const closeGroupMessage = lazy(() => z.object({ v: z.literal(1), close_group: z.string() }));

/** Parses a message that asks to close a group. Returns null for another message. */
export function parseCloseGroupMessage(body: unknown): CloseGroupMessage | null {
  return closeGroupMessage().safeParse(body).data ?? null;
}
