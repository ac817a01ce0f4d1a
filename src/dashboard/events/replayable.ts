import { timesOf } from "../lists/ranges.ts";
import { ID_PAGE, type Replayable, endOf } from "../replays/scope.ts";
import { eventPages } from "./events-query.ts";
import type { EventSearch } from "./search.ts";

const EVERY_STATUS = ["delivered", "dead", "cancelled"] as const;

const AGAIN = "Each event goes again to the destinations that it was delivered to.";
const AGAIN_OR_ROUTED =
  "Each event goes again to the destinations that it was delivered to, or else to those that its routes choose now. Keep this page open.";
const DISABLED = "deliveries to disabled destinations";
const PENDING = "pending deliveries, which are attempted anyway";

/** Returns what a replay of all events that these filters show repeats: never more than the list shows. */
export function replayableEvents(search: EventSearch, nowMs: number): Replayable {
  const { integration, q, alert, type, outcome, unrouted } = search;
  // `/replays` knows integrations and times only.
  if ([q, alert, type, outcome, unrouted].some((value) => value !== undefined)) {
    const readPage = eventPages(search, nowMs, ID_PAGE);
    const leavesOut = ["events without a deliverable outcome", DISABLED];
    return { scope: { by: "events", readPage }, does: AGAIN_OR_ROUTED, leavesOut };
  }
  const { from, to } = timesOf(search, nowMs);
  const filter = {
    status: EVERY_STATUS,
    ...(integration !== undefined && { integration_id: integration }),
    ...(from !== undefined && { from }),
    to: endOf(to, from, nowMs),
  };
  return { scope: { by: "filter", filter }, does: AGAIN, leavesOut: ["events without a delivery", PENDING, DISABLED] };
}
