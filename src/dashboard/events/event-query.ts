import { queryOptions } from "@tanstack/react-query";
import { type WholeEvent, type Result, type Success, unwrap } from "../../client/index.ts";
import { createCall } from "../../client/call.ts";
import { client } from "../api/client.ts";
import { POLL_MS } from "../lists/use-live-list.ts";

export type EventWithTitle = WholeEvent & { readonly title?: string | null };

function isUnfinished(event: WholeEvent | undefined): boolean {
  return event?.deliveries.some(({ status }) => status === "pending") === true;
}

/** An event with its deliveries. It is read again while a delivery is pending. */
export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ["events", "one", id],
    queryFn: async ({ signal }): Promise<EventWithTitle> => unwrap(await client.events.get(id, {}, { signal })),
    refetchInterval: ({ state }) => (isUnfinished(state.data) ? POLL_MS : false),
  });
}

/** Why a route takes an event or does not. */
export type Explanation = {
  readonly data: readonly {
    readonly route_id: string;
    readonly name: string;
    readonly takes: boolean;
    readonly reason: string | null;
  }[];
};

const call = createCall({ base_url: "" });

async function explain(id: string, signal: AbortSignal): Promise<Result<Success<200, Explanation>>> {
  return await call(
    { method: "GET", path: "/api/v1/events/{id}/explain", params: { id }, reads: { 200: "json" } },
    { signal },
  );
}

export function explainQuery(id: string) {
  return queryOptions({
    queryKey: ["events", "explain", id],
    queryFn: async ({ signal }) => unwrap(await explain(id, signal)),
  });
}
