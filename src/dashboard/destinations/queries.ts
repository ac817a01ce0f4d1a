import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { type DestinationPayloadInput, type DestinationRequestsInput, unwrap } from "../../client/index.ts";
import type { MessageType } from "../../model/event-types.ts";
import { client } from "../api/client.ts";

const POLL_MS = 5_000;
const DAY_MS = 86_400_000;
/** What is counted exactly. More is shown as "100+". */
export const MAX_COUNTED = 100;

export const presetsQuery = queryOptions({
  queryKey: ["presets"],
  queryFn: async ({ signal }) => unwrap(await client.presets.list({ signal })).data,
  staleTime: Infinity,
});

export function destinationQuery(id: string) {
  return queryOptions({
    queryKey: ["destinations", "one", id],
    queryFn: async ({ signal }) => unwrap(await client.destinations.get(id, { signal })),
    refetchInterval: POLL_MS,
  });
}

/** The deliveries of a destination that a page shows or counts. */
export function deliveriesQuery(id: string, which: "recent" | "pending" | "dead" | "delivered") {
  const query = {
    recent: { limit: 10 },
    pending: { limit: MAX_COUNTED, status: "pending" },
    dead: { limit: MAX_COUNTED, status: "dead", outstanding: "true" },
    delivered: { limit: 1, status: "delivered" },
  } as const;
  return queryOptions({
    queryKey: ["deliveries", "of-destination", id, which],
    queryFn: async ({ signal }) =>
      unwrap(await client.deliveries.list({ destination_id: id, ...query[which] }, { signal })),
    refetchInterval: POLL_MS,
  });
}

/** The attempts of the last 24 hours, by destination. */
export function dayQuery(measure: "delivered" | "failed") {
  return queryOptions({
    queryKey: ["metrics", "destinations-day", measure],
    queryFn: async ({ signal }) => {
      const from = new Date(Date.now() - DAY_MS).toISOString();
      const { series } = unwrap(
        await client.metrics.get({ measure, group_by: "destination", step: "hour", from }, { signal }),
      );
      return new Map(
        series.map(({ group, points }) => [
          group?.id ?? "",
          points.reduce((sum, [, value]) => sum + (typeof value === "number" ? value : 0), 0),
        ]),
      );
    },
    refetchInterval: 30_000,
  });
}

export const recentEventsQuery = queryOptions({
  queryKey: ["events", "for-preview"],
  queryFn: async ({ signal }) => unwrap(await client.events.list({ limit: 50 }, { signal })).data,
});

/** What would be sent for an event; the newest one if none is named. */
export function previewQuery(id: string, eventId: string | undefined, payload: DestinationPayloadInput) {
  return queryOptions({
    queryKey: ["destinations", "preview", id, eventId ?? "newest", payload],
    queryFn: async ({ signal }) =>
      unwrap(
        await client.destinations.preview(
          id,
          { payload, ...(eventId === undefined ? {} : { event_id: eventId }) },
          { signal },
        ),
      ),
    retry: false,
    gcTime: 30_000,
  });
}

/** What would be sent for an event as if it were of a type; for the newest event if none is named. */
export function requestPreviewQuery(
  id: string,
  eventId: string | undefined,
  requests: DestinationRequestsInput,
  type: MessageType,
) {
  return queryOptions({
    queryKey: ["destinations", "request-preview", id, eventId ?? "newest", requests, type],
    queryFn: async ({ signal }) =>
      unwrap(
        await client.destinations.preview(
          id,
          { requests, event_type: type, ...(eventId === undefined ? {} : { event_id: eventId }) },
          { signal },
        ),
      ),
    retry: false,
    gcTime: 30_000,
  });
}

/** Reads everything again that a change of a destination may have changed. */
export async function renewDestinations(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["destinations"] }),
    queries.invalidateQueries({ queryKey: ["deliveries"] }),
  ]);
}
