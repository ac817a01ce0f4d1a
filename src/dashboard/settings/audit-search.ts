import { AUDIT_KINDS } from "../../model/audit.ts";
import { RANGE_NAMES } from "../lists/ranges.ts";
import { type RawSearch, oneOf, text } from "../shell/search-params.ts";

/** The filters of the audit trail. */
export function auditSearch(search: RawSearch) {
  return {
    ...text(search, "actor", "id", "action"),
    ...oneOf(search, "kind", AUDIT_KINDS),
    ...oneOf(search, "range", RANGE_NAMES),
  };
}
