import { type QueryClient, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type TransformationDraftPreviewRequest, unwrap } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { client } from "../api/client.ts";
import { findFailed } from "./failed-replay.ts";

const EVENTS = 50;

export function transformationQuery(id: string) {
  return queryOptions({
    queryKey: ["transformations", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.transformations.get(id, { signal })),
    // A form must not lose what is typed because the window gets the focus again.
    refetchOnWindowFocus: false,
  });
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: ["transformations", "versions", id],
    queryFn: async ({ signal }) => unwrap(await client.transformations.versions.list(id, {}, { signal })).data,
  });
}

const RUNS_EVERY_MS = 5_000;

export function runsQuery(id: string) {
  return queryOptions({
    queryKey: ["transformations", "runs", id],
    queryFn: async ({ signal }) => unwrap(await client.transformations.runs.list(id, { signal })).data,
    refetchInterval: RUNS_EVERY_MS,
  });
}

/** Whether there are events for which a transformation failed, and how many of them one page has. */
export function failedQuery(id: string) {
  return queryOptions({
    queryKey: ["transformations", "failed", id],
    queryFn: async ({ signal }) => await findFailed(id, signal),
  });
}

/** The newest events, of one integration if one is named. */
export function eventsQuery(integrationId: string | undefined) {
  return queryOptions({
    queryKey: ["events", "for-transformations", integrationId ?? null],
    queryFn: async ({ signal }) => {
      const of = integrationId === undefined ? {} : { integration_id: integrationId };
      return unwrap(await client.events.list({ limit: EVENTS, ...of }, { signal })).data;
    },
  });
}

/** What code returns. */
export function previewQuery(request: TransformationDraftPreviewRequest) {
  return queryOptions({
    queryKey: ["transformations", "preview", writeJson(request)],
    queryFn: async ({ signal }) => unwrap(await client.transformationPreviews.create(request, { signal })),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** Reads what shows transformations again, after a change of one. */
export async function renewTransformations(queries: QueryClient): Promise<void> {
  await queries.invalidateQueries({
    predicate: ({ queryKey: [of, what] }) => of === "transformations" && what !== "preview",
  });
}
