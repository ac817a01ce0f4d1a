import { deleteRoute, findRoute } from "../../storage/config/routes.ts";
import { recordChange } from "../audit/record.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "routes.delete",
  method: "DELETE",
  path: "/routes/{id}",
  scope: "write",
  summary: "Delete a route",
  answers: DELETED,
}).handle(async (request) => {
  const { context, id } = request;
  const stored = await findRoute(context.primary, id);
  if (stored === null) return notFound("route");
  const isDeleted = await deleteRoute(context.primary, id, recordChange(request, "route.deleted", stored, null));
  context.caches.config.forget();
  return isDeleted ? { status: 204, body: null } : notFound("route");
});
