import { findRoute, updateRoute } from "../../storage/config/routes.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { route, routeChange } from "./fields.ts";
import { idErrors, unique } from "./named-ids.ts";

export const update = endpoint({
  id: "routes.update",
  method: "PATCH",
  path: "/routes/{id}",
  scope: "write",
  summary: "Update a route",
  body: jsonBody(routeChange, { enabled: false }),
  answers: { 200: returns(route, "The updated route.") },
}).handle(async ({ context, id, body }) => {
  const stored = await findRoute(context.primary, id);
  if (stored === null) return notFound("route");
  const errors = await idErrors(context.primary, body);
  if (errors.length > 0) return refuseBody(errors);
  const { integration_ids, destination_ids } = body;
  const updated = await updateRoute(context.primary, stored.id, {
    ...body,
    integration_ids: integration_ids && unique(integration_ids),
    destination_ids: destination_ids && unique(destination_ids),
    updated_at: new Date(context.clock()).toISOString(),
  });
  context.caches.config.forget();
  return updated === null ? notFound("route") : { status: 200, body: updated };
});
