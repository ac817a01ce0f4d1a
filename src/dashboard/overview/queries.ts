import { queryOptions } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { gaugesOf } from "./gauges.ts";
import { REFRESH_MS } from "./refresh.ts";

const MAX_COUNTED = 100;

/** The newest dead deliveries that were not replayed. */
export const outstandingQuery = queryOptions({
  queryKey: ["deliveries", "outstanding"],
  queryFn: async ({ signal }) =>
    unwrap(await client.deliveries.list({ status: "dead", outstanding: "true", limit: MAX_COUNTED }, { signal })),
  refetchInterval: REFRESH_MS,
});

/** The newest open alerts. */
export const openAlertsQuery = queryOptions({
  queryKey: ["alerts", "open"],
  queryFn: async ({ signal }) => unwrap(await client.alerts.list({ status: "open", limit: MAX_COUNTED }, { signal })),
  refetchInterval: REFRESH_MS,
});

/** The gauges that the overview shows. */
export const gaugesQuery = queryOptions({
  queryKey: ["gauges"],
  queryFn: async ({ signal }) => gaugesOf(unwrap(await client.gateway.getPrometheusMetrics({ signal }))),
  refetchInterval: REFRESH_MS,
});

/** What became of all accepted events. */
export const reconciliationQuery = queryOptions({
  queryKey: ["reconciliation"],
  queryFn: async ({ signal }) => unwrap(await client.reconciliation.get({ signal })),
  refetchInterval: REFRESH_MS,
});
