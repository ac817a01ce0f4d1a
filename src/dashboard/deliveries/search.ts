import { MESSAGE_TYPES } from "../../model/event-types.ts";
import { RANGE_NAMES } from "../lists/ranges.ts";
import { type RawSearch, oneOf, text, time } from "../shell/search-params.ts";

export const DELIVERY_STATUSES = ["pending", "delivered", "dead", "cancelled"] as const;

/** The filters of the list of deliveries, and the replay whose progress is shown. */
export function deliverySearch(search: RawSearch) {
  return {
    ...text(search, "destination", "integration", "event", "replay", "q"),
    ...oneOf(search, "status", DELIVERY_STATUSES),
    ...oneOf(search, "outstanding", ["true"]),
    ...oneOf(search, "replays", ["true"]),
    ...oneOf(search, "type", MESSAGE_TYPES),
    ...oneOf(search, "range", RANGE_NAMES),
    ...time(search, "from", "to"),
    ...oneOf(search, "live", ["off"]),
  };
}

export type DeliverySearch = ReturnType<typeof deliverySearch>;

/** Whether a filter leaves rows out. */
export function isFiltered(search: DeliverySearch): boolean {
  const { destination, integration, event, status, outstanding, replays, type, q, range, from, to } = search;
  const filters = [destination, integration, event, status, outstanding, replays, type, q, range, from, to];
  return filters.some((value) => value !== undefined);
}
