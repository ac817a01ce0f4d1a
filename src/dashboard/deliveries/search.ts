import { RANGE_NAMES } from "../lists/ranges.ts";
import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

export const DELIVERY_STATUSES = ["pending", "delivered", "dead", "cancelled"] as const;

/** The filters of the list of deliveries. */
export function deliverySearch(search: RawSearch) {
  return {
    ...text(search, "destination", "integration"),
    ...oneOf(search, "status", DELIVERY_STATUSES),
    ...oneOf(search, "outstanding", ["true"]),
    ...oneOf(search, "range", RANGE_NAMES),
    ...oneOf(search, "live", ["off"]),
  };
}

export type DeliverySearch = ReturnType<typeof deliverySearch>;

/** Whether a filter leaves rows out. */
export function isFiltered(search: DeliverySearch): boolean {
  const { destination, integration, status, outstanding, range } = search;
  return [destination, integration, status, outstanding, range].some((value) => value !== undefined);
}
