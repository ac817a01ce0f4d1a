import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type WholeEvent, unwrap } from "../../client/index.ts";
import { timeOf } from "../../model/ids.ts";
import { client } from "../api/client.ts";
import { statusOf } from "../api/query-client.ts";
import { POLL_MS } from "../lists/use-live-list.ts";

const FIRST_PAGE: string | null = null;

function isUnfinished(event: WholeEvent | undefined): boolean {
  return event?.deliveries.some(({ status }) => status === "pending") === true;
}

/** An accepted event is on record after some seconds, in ms at most. */
const RECORDED_WITHIN_MS = 60_000;

/** Whether an event that the gateway does not know may just not be on record yet, because it was accepted a moment ago. */
export function isAwaited(id: string, error: unknown): boolean {
  return statusOf(error) === 404 && Math.abs(Date.now() - timeOf(id)) < RECORDED_WITHIN_MS;
}

/** An event with its deliveries. It is read again until it is on record, and while a delivery is pending. */
export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ["events", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.events.get(id, {}, { signal })),
    refetchInterval: ({ state }) => (isUnfinished(state.data) || isAwaited(id, state.error) ? POLL_MS : false),
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
