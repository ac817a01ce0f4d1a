import { findRoute, updateRoute } from "../../storage/config/routes.ts";
import { recordChange, withChanges } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { route, routeChange } from "./fields.ts";
import { resolveIds } from "./named-ids.ts";
import { systemEventErrors } from "./system-events.ts";

export const update = endpoint({
  id: "routes.update",
  method: "PATCH",
  path: "/routes/{id}",
  scope: "write",
  summary: "Update a route",
  body: jsonBody(routeChange, { enabled: false }),
  answers: { 200: returns(route, "The updated route.") },
  problems: { 409: "Another route has this `external_id`." },
}).handle(async (request) => {
  const { context, id, body } = request;
  const stored = await findRoute(context.primary, id);
  if (stored === null) return notFound("route");
  const { event_types = stored.event_types, integration_ids = stored.integration_ids } = body;
  const isAffected = body.event_types !== undefined || body.integration_ids !== undefined;
  const unreachable = isAffected ? systemEventErrors({ event_types, integration_ids }) : [];
  if (unreachable.length > 0) return refuseBody(unreachable);
  const resolved = await resolveIds(context.primary, body);
  if (!resolved.ok) return refuseBody(resolved.error);
  const changes = { ...resolved.value, updated_at: new Date(context.clock()).toISOString() };
  const record = recordChange(request, "route.updated", stored, withChanges(stored, changes));
  const updated = await updateRoute(context.primary, stored.id, changes, record);
  context.caches.config.forget();
  return updated === null ? notFound("route") : { status: 200, body: updated };
});
