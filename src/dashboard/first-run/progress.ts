import type { Destination, Integration, Route } from "../../client/index.ts";

const DAY_MS = 86_400_000;

type Joins = Pick<Route, "enabled" | "integration_ids" | "destination_ids">;
type Thing = { readonly id: string };

/** What exists of a first connection. */
type Connection<I, D, R> = {
  readonly integration: I | null;
  readonly destination: D | null;
  /** Joins the two; null if no enabled route does. */
  readonly route: R | null;
};
export type Progress = Connection<Integration, Destination, Route>;

type Config<I, D, R> = {
  readonly integrations: readonly I[];
  readonly destinations: readonly D[];
  readonly routes: readonly R[];
};

/** Returns the first connection: what an enabled route joins, or else the parts that exist. */
export function progressOf<I extends Thing, D extends Thing, R extends Joins>({
  integrations,
  destinations,
  routes,
}: Config<I, D, R>): Connection<I, D, R> {
  for (const route of routes) {
    if (!route.enabled) continue;
    const integration = integrations.find(({ id }) => route.integration_ids?.includes(id) ?? true);
    const destination = destinations.find(({ id }) => route.destination_ids.includes(id));
    if (integration !== undefined && destination !== undefined) return { integration, destination, route };
  }
  return { integration: integrations[0] ?? null, destination: destinations[0] ?? null, route: null };
}

/** Whether a gateway has been in use for a day. It needs no first steps, also if a route is missing now. */
export function isSettled(
  integrations: readonly Pick<Integration, "last_event_at" | "created_at">[],
  nowMs: number,
): boolean {
  return integrations.some(
    ({ last_event_at, created_at }) => last_event_at !== null && Date.parse(created_at) < nowMs - DAY_MS,
  );
}

export const STAGES = ["integration", "destination", "route", "event", "delivery", "done"] as const;
export type Stage = (typeof STAGES)[number];

/** Returns the next step. It follows from what exists, so a reload or another browser goes on from there. */
export function stageOf(
  { integration, destination, route }: Connection<unknown, unknown, unknown>,
  seen: { readonly event: boolean; readonly delivered: boolean },
): Stage {
  if (integration === null) return "integration";
  if (destination === null) return "destination";
  if (route === null) return "route";
  if (seen.delivered) return "done";
  return seen.event ? "delivery" : "event";
}

/** The name of a destination that was given as a URL only. */
export function nameOfUrl(url: string): string {
  const text = URL.parse(url.trim())?.hostname ?? url.trim();
  return text === "" ? "Webhook" : text;
}
