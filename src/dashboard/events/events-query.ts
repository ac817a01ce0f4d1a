import { type Event, type EventsListQuery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { timesOf } from "../lists/ranges.ts";
import type { ListPage } from "../lists/use-live-list.ts";
import type { EventSearch } from "./search.ts";

/** The rows of a page of the list. */
const PAGE_SIZE = 50;

/** Returns the function that reads a page of the events that these filters show. */
export function eventPages(search: EventSearch, nowMs: number, limit = PAGE_SIZE) {
  const { integration, alert, type, outcome, unrouted, q } = search;
  const filters: EventsListQuery = {
    limit,
    ...(integration !== undefined && { integration_id: integration }),
    ...(alert !== undefined && { alert_id: alert }),
    ...(type !== undefined && { type }),
    ...(outcome !== undefined && { outcome }),
    ...(unrouted !== undefined && { unrouted: true }),
    ...timesOf(search, nowMs),
    ...(q !== undefined && { q }),
  };
  return async (cursor: string | undefined, signal: AbortSignal): Promise<ListPage<Event>> =>
    unwrap(await client.events.list({ ...filters, ...(cursor !== undefined && { cursor }) }, { signal }));
}
