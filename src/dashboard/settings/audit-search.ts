import { RANGE_NAMES } from "../lists/ranges.ts";
import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

export const AUDIT_KINDS = [
  "integration",
  "destination",
  "route",
  "token",
  "session",
  "key",
  "config",
  "event",
  "alert",
  "delivery",
  "replay",
  "dead_letter",
] as const;

/** The filters of the audit trail. */
export function auditSearch(search: RawSearch) {
  return {
    ...text(search, "actor", "id", "action"),
    ...oneOf(search, "kind", AUDIT_KINDS),
    ...oneOf(search, "range", RANGE_NAMES),
  };
}
