import { queryOptions } from "@tanstack/react-query";
import { type DeliveriesListQuery, type Delivery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { timesOf } from "../lists/ranges.ts";
import { type ListPage, POLL_MS } from "../lists/use-live-list.ts";
import type { DeliverySearch } from "./search.ts";

/** The rows of a page of the list. */
const PAGE_SIZE = 50;

/** Returns what the list keeps of a delivery: of its attempts only the last, without the response, which can be large. */
function rowOf(delivery: Delivery): Delivery {
  const attempts = delivery.attempts.slice(-1).map((last) => ({ ...last, response_body: null }));
  return { ...delivery, attempts };
}

/** Returns the function that reads a page of the deliveries that these filters show. */
export function deliveryPages(search: DeliverySearch, nowMs: number, limit = PAGE_SIZE) {
  const { destination, integration, event, status, outstanding, replays, type, q } = search;
  const filters: DeliveriesListQuery = {
    limit,
    ...(destination !== undefined && { destination_id: destination }),
    ...(integration !== undefined && { integration_id: integration }),
    ...(status !== undefined && { status }),
    ...(outstanding !== undefined && { outstanding }),
    ...(event !== undefined && { event_id: event }),
    ...(type !== undefined && { event_type: type }),
    ...(replays !== undefined && { replays: true }),
    ...(q !== undefined && { q }),
    ...timesOf(search, nowMs),
  };
  return async (cursor: string | undefined, signal: AbortSignal): Promise<ListPage<Delivery>> => {
    const query = { ...filters, ...(cursor !== undefined && { cursor }) };
    const page = unwrap(await client.deliveries.list(query, { signal }));
    return { ...page, data: page.data.map(rowOf) };
  };
}

/** A delivery. It is read again while it is pending. */
export function deliveryQuery(id: string) {
  return queryOptions({
    queryKey: ["deliveries", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.deliveries.get(id, {}, { signal })),
    refetchInterval: ({ state }) => (state.data?.status === "pending" ? POLL_MS : false),
  });
}
