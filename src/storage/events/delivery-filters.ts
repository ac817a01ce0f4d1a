import type { Delivery } from "../../model/delivery.ts";
import type { MessageType } from "../../model/event.ts";
import type { Needle } from "../../model/text-match.ts";
import { type Condition, allOf } from "../search.ts";
import { mayCount } from "../segments/counts.ts";
import type { HeadDelivery, SegmentHead } from "../segments/heads.ts";
import type { Segment } from "../segments/segment-rows.ts";
import { type OneDelivery, hasCreated, hasDestination, hasOne, hasReplay, isOutstanding } from "./deliveries-column.ts";
import type { TimeRange } from "./time-range.ts";

/**
 * The filters of a list of deliveries. An undefined one does not restrict. `outstanding` takes only dead deliveries that were not
 * replayed, and `replays` only those that a replay made, or only the others.
 */
export type DeliveryFilters = OneDelivery & {
  readonly event_id?: string | undefined;
  readonly integration_id?: string | undefined;
  readonly event_type?: MessageType | undefined;
  /** A part of the event's title, key or payload. */
  readonly text?: Needle | undefined;
} & TimeRange;

/** A delivery as far as filters look at it. */
type Filtered = Pick<HeadDelivery, "status" | "destination_id" | "replay_of" | "replayed_by" | "created_ms">;

function isFilteredIn(delivery: Filtered, filters: DeliveryFilters): boolean {
  const { status, outstanding, replays, destination_id, created_from_ms = 0, created_to_ms = Infinity } = filters;
  return (
    (status === undefined || delivery.status === status) &&
    (outstanding === undefined || isOutstanding(delivery)) &&
    (replays === undefined || (replays === "true") === (delivery.replay_of !== null)) &&
    (destination_id === undefined || delivery.destination_id === destination_id) &&
    delivery.created_ms >= created_from_ms &&
    delivery.created_ms <= created_to_ms
  );
}

/** Returns whether a delivery of an event that matches is in the list itself. */
export function isListed(delivery: Delivery, filters: DeliveryFilters): boolean {
  return isFilteredIn({ ...delivery, created_ms: Date.parse(delivery.created_at) }, filters);
}

/** Returns whether an event of a segment matches, and has such a delivery. */
export function isListedHead(head: SegmentHead, filters: DeliveryFilters): boolean {
  const { event_id, integration_id, event_type } = filters;
  return (
    (event_id === undefined || head.id === event_id) &&
    (integration_id === undefined || head.integration_id === integration_id) &&
    (event_type === undefined || head.type === event_type) &&
    head.deliveries.some((delivery) => isFilteredIn(delivery, filters))
  );
}

/** Returns whether a segment can have such deliveries. */
export function canMatchDeliveries({ counts }: Segment, filters: DeliveryFilters): boolean {
  const { status, outstanding, destination_id, integration_id, event_type } = filters;
  return (
    (status === undefined || mayCount(counts.statuses, status)) &&
    (outstanding === undefined || mayCount(counts.statuses, "dead")) &&
    (destination_id === undefined || mayCount(counts.destinations, destination_id)) &&
    (integration_id === undefined || mayCount(counts.integrations, integration_id)) &&
    (event_type === undefined || mayCount(counts.types, event_type))
  );
}

/** Returns the condition for events with such a delivery. Without a condition, so is every event with a delivery. */
export function hasListed(filters: DeliveryFilters): Condition {
  const { status, outstanding, replays, destination_id, created_from_ms, created_to_ms } = filters;
  const one = { status, outstanding, replays, destination_id, created_from_ms, created_to_ms };
  const names = Object.entries(one).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const cheap = [
    ...(destination_id === undefined ? [] : [hasDestination(destination_id)]),
    ...(replays === "true" ? [hasReplay()] : []),
    hasCreated(created_from_ms, created_to_ms),
  ];
  // Each of these alone is found by its words, the status by the caller. The list is parsed only for the others, and if several
  // conditions must hold for the same delivery.
  const isFoundByWords =
    names.length === 1 && (status ?? destination_id ?? (replays === "true" || undefined)) !== undefined;
  return names.length === 0 || isFoundByWords ? allOf(cheap) : allOf([...cheap, hasOne(one)]);
}
