import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type RoutePreviewRequest, unwrap } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { client } from "../api/client.ts";

const SAMPLES = 40;
const PREVIEWED = 50;
const PREVIEW_EVERY_MS = 5_000;

/** The newest events, with their alerts: their fields and values are what the builder offers. */
export function samplesQuery(integrationId: string | undefined) {
  return queryOptions({
    queryKey: ["events", "samples", integrationId ?? null],
    queryFn: async ({ signal }) => {
      const of = integrationId === undefined ? {} : { integration_id: integrationId };
      return unwrap(await client.events.list({ limit: SAMPLES, expand: "alert", ...of }, { signal })).data;
    },
  });
}

/** One event with its alert. */
export function sampleQuery(id: string) {
  return queryOptions({
    queryKey: ["events", "sample", id],
    queryFn: async ({ signal }) => unwrap(await client.events.get(id, { expand: "alert" }, { signal })),
  });
}

/** The newest events, and whether a route with these fields takes each. */
export function previewQuery(fields: RoutePreviewRequest) {
  return queryOptions({
    queryKey: ["routes", "preview", writeJson(fields)],
    queryFn: async ({ signal }) =>
      unwrap(await client.routePreviews.create({ ...fields, limit: PREVIEWED }, { signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.status === "error" ? false : PREVIEW_EVERY_MS),
    retry: false,
  });
}
