import { GATEWAY_EVENT_TYPES } from "../../model/event-types.ts";
import type { FieldError } from "../../model/result.ts";
import type { Route } from "../../model/route.ts";

/**
 * Returns what is wrong with a route that takes only system events, but only of certain integrations: system events belong to no
 * integration, so that it would take nothing.
 */
export function systemEventErrors({
  event_types,
  integration_ids,
}: Pick<Route, "event_types" | "integration_ids">): readonly FieldError[] {
  if (event_types === null || integration_ids === null || event_types.length === 0) return [];
  const isOfGateway = event_types.every((type) => GATEWAY_EVENT_TYPES.some((known) => known === type));
  if (!isOfGateway) return [];
  return [
    {
      path: "integration_ids",
      message: "must be null: the event types are of system events, which belong to no integration",
    },
  ];
}
