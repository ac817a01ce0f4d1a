import { type MessageType, TYPES_BY_NAME_ONLY } from "../model/event.ts";
import type { Route } from "../model/route.ts";

/** What of an event routes look at. */
export type Routable = { readonly integration_id: string; readonly type: MessageType };

function takesType(route: Route, type: MessageType): boolean {
  return route.event_types === null ? !TYPES_BY_NAME_ONLY.includes(type) : route.event_types.includes(type);
}

function takes(route: Route, event: Routable): boolean {
  return (
    route.enabled &&
    (route.integration_ids === null || route.integration_ids.includes(event.integration_id)) &&
    takesType(route, event.type)
  );
}

/** One destination that is owed an event, and the first route that says so. */
export type Owed = { readonly destination_id: string; readonly route_id: string };

/** Who is owed an event: each destination once, however many routes name it. */
export function selectDestinations(routes: readonly Route[], event: Routable): Owed[] {
  const owed = new Map<string, Owed>();
  for (const route of routes) {
    if (!takes(route, event)) continue;
    for (const destination_id of route.destination_ids) {
      if (!owed.has(destination_id)) owed.set(destination_id, { destination_id, route_id: route.id });
    }
  }
  return [...owed.values()];
}
