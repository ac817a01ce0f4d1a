import { timesOf } from "../lists/ranges.ts";
import { ID_PAGE, type Replayable, endOf } from "../replays/scope.ts";
import { deliveryPages } from "./deliveries-query.ts";
import type { DeliverySearch } from "./search.ts";

/** The statuses of deliveries that can be replayed. A pending delivery is attempted anyway. */
const REPLAYABLE = ["delivered", "dead", "cancelled"] as const;
const DEAD = ["dead"] as const;

const DOES = "The destinations receive them again, as new deliveries.";
const PENDING = "pending deliveries, which are attempted anyway";
const OTHERS = [
  "deliveries to disabled destinations",
  "deliveries that a later one of the same event to the same destination follows",
] as const;

/** Whether a list with these filters can have deliveries that can be replayed. */
export function hasReplayable({ status, outstanding }: DeliverySearch): boolean {
  return outstanding === undefined ? status !== "pending" : status === undefined || status === "dead";
}

/** Returns what a replay of all deliveries that these filters show repeats: never more than the list shows. */
export function replayableDeliveries(search: DeliverySearch, nowMs: number): Replayable | null {
  if (!hasReplayable(search)) return null;
  const { destination, integration, status, outstanding, replays, event, type, q } = search;
  const leavesOut = status === undefined && outstanding === undefined ? [PENDING, ...OTHERS] : OTHERS;
  // `/replays` has no filter by event, type or text, and none for replays.
  if ([event, type, replays, q].some((value) => value !== undefined)) {
    const readPage = deliveryPages(search, nowMs, ID_PAGE);
    return { scope: { by: "deliveries", readPage }, does: DOES, leavesOut };
  }
  const { from, to } = timesOf(search, nowMs);
  const statuses = REPLAYABLE.filter((each) => each === status);
  const filter = {
    status: outstanding !== undefined ? DEAD : status === undefined ? REPLAYABLE : statuses,
    ...(destination !== undefined && { destination_id: destination }),
    ...(integration !== undefined && { integration_id: integration }),
    ...(from !== undefined && { from }),
    to: endOf(to, from, nowMs),
  };
  return { scope: { by: "filter", filter }, does: DOES, leavesOut };
}
