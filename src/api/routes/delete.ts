import { deleteRoute } from "../../storage/config/routes.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "routes.delete",
  method: "DELETE",
  path: "/routes/{id}",
  scope: "write",
  summary: "Delete a route",
  answers: DELETED,
}).handle(async ({ context, id }) => {
  const isDeleted = await deleteRoute(context.primary, id);
  context.caches.config.forget();
  return isDeleted ? { status: 204, body: null } : notFound("route");
});
