import { type Event, type EventsListQuery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { timesOf } from "../lists/ranges.ts";
import type { ListPage } from "../lists/use-live-list.ts";
import { eventTitle } from "./event-title.ts";
import type { EventSearch } from "./search.ts";

/** The rows of a page of the list. */
const PAGE_SIZE = 50;

/** What the list keeps of an event. Its content can be large, and the list long. */
export type EventRow = Omit<Event, "payload" | "headers"> & {
  /** What the list calls the event. */
  readonly label: string;
};

function rowOf(event: Event): EventRow {
  const { payload: _payload, headers: _headers, ...row } = event;
  return { ...row, label: eventTitle(event) };
}

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
  return async (cursor: string | undefined, signal: AbortSignal): Promise<ListPage<EventRow>> => {
    const page = unwrap(await client.events.list({ ...filters, ...(cursor !== undefined && { cursor }) }, { signal }));
    return { ...page, data: page.data.map(rowOf) };
  };
}
