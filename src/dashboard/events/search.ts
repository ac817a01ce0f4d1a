import { MESSAGE_TYPES, OUTCOMES } from "../../model/event-types.ts";
import { RANGE_NAMES } from "../lists/ranges.ts";
import { type RawSearch, oneOf, text, time } from "../shell/search-params.ts";

export const REQUEST_TABS = ["pretty", "raw", "headers"] as const;
export type RequestTab = (typeof REQUEST_TABS)[number];

/** The filters of the list of events, the tab of the event beside it, and the replay whose progress is shown. */
export function eventSearch(search: RawSearch) {
  return {
    ...text(search, "integration", "q", "alert", "replay"),
    ...oneOf(search, "type", MESSAGE_TYPES),
    ...oneOf(search, "outcome", OUTCOMES),
    ...oneOf(search, "unrouted", ["true"]),
    ...oneOf(search, "range", RANGE_NAMES),
    ...time(search, "from", "to"),
    ...oneOf(search, "live", ["off"]),
    ...oneOf(search, "tab", REQUEST_TABS),
  };
}

export type EventSearch = ReturnType<typeof eventSearch>;

/** Whether a filter leaves rows out. */
export function isFiltered(search: EventSearch): boolean {
  const { integration, q, alert, type, outcome, unrouted, range, from, to } = search;
  return [integration, q, alert, type, outcome, unrouted, range, from, to].some((value) => value !== undefined);
}
