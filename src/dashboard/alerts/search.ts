import { ALERT_STATUSES, URGENCIES } from "../../model/alert.ts";
import { RANGE_NAMES } from "../lists/ranges.ts";
import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

/** The filters of the list of alerts. */
export function alertSearch(search: RawSearch) {
  return {
    ...text(search, "integration", "q"),
    ...oneOf(search, "status", ALERT_STATUSES),
    ...oneOf(search, "urgency", URGENCIES),
    ...oneOf(search, "range", RANGE_NAMES),
    ...oneOf(search, "live", ["off"]),
  };
}

export type AlertSearch = ReturnType<typeof alertSearch>;

/** Whether a filter leaves rows out. */
export function isFiltered({ integration, q, status, urgency, range }: AlertSearch): boolean {
  return [integration, q, status, urgency, range].some((value) => value !== undefined);
}
