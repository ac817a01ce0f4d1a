import { queryOptions } from "@tanstack/react-query";
import { type Alert, type AlertsListQuery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { startOf } from "../lists/ranges.ts";
import { POLL_MS } from "../lists/use-live-list.ts";
import { openFirst } from "./open-first.ts";
import type { AlertSearch } from "./search.ts";

const PAGE_SIZE = 50;
/** The timeline shows this many of an alert's events. The list of events has the others. */
const MAX_EVENTS = 50;

/** What the list keeps of an alert. Its texts can be large, and the list long. */
export type AlertRow = Pick<
  Alert,
  "id" | "integration_id" | "key" | "status" | "title" | "urgency" | "dedup_count" | "created_at"
>;

function rowOf({ id, integration_id, key, status, title, urgency, dedup_count, created_at }: Alert): AlertRow {
  return { id, integration_id, key, status, title, urgency, dedup_count, created_at };
}

/** Returns the function that reads a page of the alerts that these filters show. */
export function alertPages(search: AlertSearch, nowMs: number) {
  const { integration, status, urgency, range, q } = search;
  const from = startOf(range, nowMs);
  const filters: AlertsListQuery = {
    limit: PAGE_SIZE,
    ...(integration !== undefined && { integration_id: integration }),
    ...(urgency !== undefined && { urgency }),
    ...(from !== undefined && { from }),
    ...(q !== undefined && { q }),
  };
  const read = async (of: Alert["status"], cursor: string | undefined, signal: AbortSignal) => {
    const query = { ...filters, status: of, ...(cursor !== undefined && { cursor }) };
    const page = unwrap(await client.alerts.list(query, { signal }));
    return { ...page, data: page.data.map(rowOf) };
  };
  if (status === undefined) return openFirst(PAGE_SIZE, read);
  return (cursor: string | undefined, signal: AbortSignal) => read(status, cursor, signal);
}

/** An alert. It is read again and again until it is resolved, which nothing changes any more. */
export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alerts", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.alerts.get(id, { signal })),
    refetchInterval: ({ state }) => (state.data?.status === "resolved" ? false : POLL_MS),
  });
}

/** The newest events of an alert, in the order in which they were received. */
export function alertEventsQuery(id: string, isResolved: boolean) {
  return queryOptions({
    queryKey: ["events", "of-alert", id],
    queryFn: async ({ signal }) => {
      const { data, next_cursor } = unwrap(await client.events.list({ alert_id: id, limit: MAX_EVENTS }, { signal }));
      return { events: data.toReversed(), hasOlder: next_cursor !== null };
    },
    // The event of an action by hand is processed a moment after the alert says so.
    refetchInterval: ({ state }) => (isResolved && state.data?.events.at(-1)?.outcome === "resolved" ? false : POLL_MS),
  });
}
