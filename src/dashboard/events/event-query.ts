import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type WholeEvent, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { POLL_MS } from "../lists/use-live-list.ts";

const FIRST_PAGE: string | null = null;

function isUnfinished(event: WholeEvent | undefined): boolean {
  return event?.deliveries.some(({ status }) => status === "pending") === true;
}

/** An event with its deliveries. It is read again while a delivery is pending. */
export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ["events", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.events.get(id, {}, { signal })),
    refetchInterval: ({ state }) => (isUnfinished(state.data) ? POLL_MS : false),
  });
}

/** Whether each route takes an event now, and which of its conditions fail. Each page is evaluated on its own. */
export function explainQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["events", "explain", id],
    queryFn: async ({ pageParam, signal }) => {
      const query = pageParam === null ? {} : { cursor: pageParam };
      return unwrap(await client.events.explain(id, query, { signal }));
    },
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
}
