import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";

const POLL_MS = 2_000;

/** The newest delivery that a destination accepted; null without one. It is looked for until there is one. */
export const deliveredQuery = queryOptions({
  queryKey: ["deliveries", "first"],
  queryFn: async ({ signal }) =>
    unwrap(await client.deliveries.list({ status: "delivered", limit: 1 }, { signal })).data[0] ?? null,
  refetchInterval: ({ state }) => (state.data === null ? POLL_MS : false),
});

/** The newest event of an integration; null without one. */
export function newestEventQuery(integrationId: string) {
  return queryOptions({
    queryKey: ["events", "first", integrationId],
    queryFn: async ({ signal }) =>
      unwrap(await client.events.list({ integration_id: integrationId, limit: 1 }, { signal })).data[0] ?? null,
    refetchInterval: POLL_MS,
  });
}
