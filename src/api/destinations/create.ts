import type { Destination } from "../../model/destination.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { insertDestination } from "../../storage/destinations/destinations.ts";
import { recordChange } from "../audit/record.ts";
import { isTemporary } from "../config/listeners.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { refuseBody } from "../problems.ts";
import { resolveReference } from "../transformations/reference.ts";
import { DISABLED_BY_HAND } from "./disabled-reason.ts";
import { destinationCreation, revealedDestination } from "./fields.ts";
import { resolveDestination } from "./resolve-destination.ts";
import { NEW, viewDestination } from "./view.ts";

export const create = endpoint({
  id: "destinations.create",
  method: "POST",
  path: "/destinations",
  scope: "write",
  summary: "Create a destination",
  body: jsonBody(destinationCreation, { name: "receiver", url: "https://hooks.example.com/in" }),
  answers: { 201: returns(revealedDestination, "Created.") },
}).handle(async (request) => {
  const { context, body } = request;
  const { id, at_ms } = context.mint("dst");
  const at = new Date(at_ms).toISOString();
  const transformation = await resolveReference(context.primary, body.transformation_id);
  if (!transformation.ok) return refuseBody(transformation.error);
  const described = { ...body, transformation_id: transformation.value };
  const resolved = await resolveDestination(request, described, id, null);
  if (!resolved.ok) return refuseBody(resolved.error);
  const { settings, revealed } = resolved.value;
  const destination: Destination = {
    id,
    ...settings,
    external_id: body.external_id,
    paused_at: null,
    disabled_reason: settings.enabled ? null : DISABLED_BY_HAND,
    managed_by: isTemporary(settings) ? "listen" : null,
    created_at: at,
    updated_at: at,
  };
  return {
    status: 201,
    body: { ...viewDestination(destination, NEW), ...(revealed === null ? {} : { signing_secret: revealed }) },
    commit: async (alongside) => {
      await changeConfig(context.primary, [
        insertDestination(context.primary, destination),
        ...recordChange(request, "destination.created", null, destination),
        ...alongside,
      ]);
      context.caches.config.forget();
    },
  };
});
