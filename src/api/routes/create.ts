import type { Route } from "../../model/route.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { insertRoute } from "../../storage/config/routes.ts";
import { areListeners } from "../../storage/destinations/listeners.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { refuseBody } from "../problems.ts";
import { route, routeCreation } from "./fields.ts";
import { resolveIds } from "./named-ids.ts";
import { systemEventErrors } from "./system-events.ts";

const EXAMPLE = {
  name: "critical alerts to the chat",
  destination_ids: ["dst_1m8hqxb86000ds33rtamzg68q6j1"],
  match: { "data.alert.urgency": { $in: ["high", "critical"] } },
};

export const create = endpoint({
  id: "routes.create",
  method: "POST",
  path: "/routes",
  scope: "write",
  summary: "Create a route",
  body: jsonBody(routeCreation, EXAMPLE),
  answers: { 201: returns(route, "Created.") },
}).handle(async (request) => {
  const { context, body } = request;
  const unreachable = systemEventErrors(body);
  if (unreachable.length > 0) return refuseBody(unreachable);
  const resolved = await resolveIds(context.primary, body);
  if (!resolved.ok) return refuseBody(resolved.error);
  const { destination_ids = [] } = resolved.value;
  const { id, at_ms } = context.mint("rte");
  const at = new Date(at_ms).toISOString();
  const created: Route = {
    id,
    ...body,
    integration_ids: resolved.value.integration_ids ?? null,
    destination_ids,
    managed_by: (await areListeners(context.primary, destination_ids)) ? "listen" : null,
    created_at: at,
    updated_at: at,
  };
  return {
    status: 201,
    body: created,
    commit: async (alongside) => {
      await changeConfig(context.primary, [
        insertRoute(context.primary, created),
        ...recordChange(request, "route.created", null, created),
        ...alongside,
      ]);
      context.caches.config.forget();
    },
  };
});
