import type { Delivery, DeliveryStatus } from "../../model/delivery.ts";
import type { MessageType } from "../../model/event.ts";
import type { Needle } from "../../model/text-match.ts";
import { type Condition, allOf } from "../search.ts";
import { hasCreated, hasDelivery, hasOutstanding, hasReplay, isOutstanding } from "./deliveries-column.ts";
import type { TimeRange } from "./time-range.ts";

/** The filters of a list of deliveries. An undefined one does not restrict. */
export type DeliveryFilters = {
  readonly status?: DeliveryStatus | undefined;
  /** `true`: only dead deliveries that were not replayed. */
  readonly outstanding?: "true" | undefined;
  /** `true`: only deliveries that a replay made. `false`: only the others. */
  readonly replays?: "true" | "false" | undefined;
  readonly destination_id?: string | undefined;
  readonly event_id?: string | undefined;
  readonly integration_id?: string | undefined;
  readonly event_type?: MessageType | undefined;
  /** When the delivery was made, in ms since 1970; both ends are inclusive. */
  readonly created_from_ms?: number | undefined;
  readonly created_to_ms?: number | undefined;
  /** A part of the event's title, key or payload. */
  readonly text?: Needle | undefined;
} & TimeRange;

/** Returns whether a delivery of an event that matches is in the list itself. */
export function isListed(delivery: Delivery, filters: DeliveryFilters): boolean {
  const { status, outstanding, replays, destination_id, created_from_ms = 0, created_to_ms = Infinity } = filters;
  const createdMs = Date.parse(delivery.created_at);
  return (
    (status === undefined || delivery.status === status) &&
    (outstanding === undefined || isOutstanding(delivery)) &&
    (replays === undefined || (replays === "true") === (delivery.replay_of !== null)) &&
    (destination_id === undefined || delivery.destination_id === destination_id) &&
    createdMs >= created_from_ms &&
    createdMs <= created_to_ms
  );
}

/** Returns the condition for events with such a delivery; also some events that have none, which `isListed` leaves out. */
export function hasListed({
  status,
  outstanding,
  replays,
  destination_id,
  created_from_ms,
  created_to_ms,
}: DeliveryFilters): Condition {
  return allOf([
    hasDelivery(destination_id, status),
    ...(outstanding === undefined ? [] : [hasOutstanding(destination_id)]),
    ...(replays === "true" ? [hasReplay()] : []),
    hasCreated(created_from_ms ?? null, created_to_ms ?? null),
  ]);
}
