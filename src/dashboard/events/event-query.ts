import { queryOptions } from "@tanstack/react-query";
import { type Json, type WholeEvent, type Result, type Success, unwrap } from "../../client/index.ts";
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

/** For each route, whether it takes an event now, and which of its conditions failed. */
export type Explanation = {
  readonly routes: readonly {
    readonly id: string;
    readonly name: string;
    readonly takes: boolean;
    readonly reason: string | null;
    readonly failed?: readonly FailedCondition[];
  }[];
};

export type FailedCondition = {
  readonly path: string;
  readonly operator: string;
  readonly expected: Json;
  readonly actual?: Json;
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
