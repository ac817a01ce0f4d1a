import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";

const POLL_MS = 5_000;
/** What arrives is to appear within three seconds, so this is shorter by the time of a request. */
const ARRIVALS_POLL_MS = 2_000;
/** The newest entries that the inspector shows. The list of events has all. */
const MAX_ARRIVALS = 50;

export function integrationQuery(id: string) {
  return queryOptions({
    queryKey: ["integrations", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.integrations.get(id, { signal })),
    refetchInterval: POLL_MS,
  });
}

/** The newest events of an integration. Nothing is read while the page is hidden. */
export function arrivalsQuery(id: string) {
  return queryOptions({
    queryKey: ["events", "arrivals", id],
    queryFn: async ({ signal }) =>
      unwrap(await client.events.list({ integration_id: id, limit: MAX_ARRIVALS }, { signal })).data,
    refetchInterval: ARRIVALS_POLL_MS,
  });
}

/** The newest refused requests to an integration, counted by minute and reason. */
export function rejectionsQuery(id: string) {
  return queryOptions({
    queryKey: ["rejections", id],
    queryFn: async ({ signal }) =>
      unwrap(await client.integrations.rejections.list(id, { limit: MAX_ARRIVALS }, { signal })).data,
    refetchInterval: ARRIVALS_POLL_MS,
  });
}

const MAX_SAMPLES = 10;

/** The latest requests whose body is a text. */
export function samplesQuery(id: string) {
  return queryOptions({
    queryKey: ["samples", id],
    queryFn: async ({ signal }) => {
      const { data } = unwrap(await client.integrations.samples.list(id, { limit: MAX_SAMPLES }, { signal }));
      return data.filter(({ body_encoding }) => body_encoding === "utf8");
    },
  });
}

export const ruleSetsQuery = queryOptions({
  queryKey: ["rule-sets"],
  queryFn: async ({ signal }) => unwrap(await client.ruleSets.list({}, { signal })).data,
  staleTime: Infinity,
});

/** Less is a guess that should not be offered. */
const MIN_CONFIDENCE = 0.6;

/** The tool that the latest requests of an integration are most likely from; null if none is likely. */
export function detectedQuery(id: string) {
  return queryOptions({
    queryKey: ["rule-sets", "detected", id],
    queryFn: async ({ signal }) => {
      const { data } = unwrap(await client.ruleSets.detect(undefined, { integration_id: id }, { signal }));
      return data.find(({ confidence }) => confidence >= MIN_CONFIDENCE) ?? null;
    },
    staleTime: 60_000,
  });
}

/** Reads everything again that a change of an integration may have changed. */
export async function renewIntegrations(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["integrations"] }),
    queries.invalidateQueries({ queryKey: ["routes"] }),
  ]);
}
