import { cancelPending } from "../../delivery/attempts/cancel-pending.ts";
import { deleteDestination } from "../../storage/destinations/destinations.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "destinations.delete",
  method: "DELETE",
  path: "/destinations/{id}",
  scope: "write",
  summary: "Delete a destination",
  description: "Its pending deliveries are cancelled.",
  answers: DELETED,
}).handle(async ({ context, id }) => {
  const isDeleted = await deleteDestination(context.primary, id, new Date(context.clock()).toISOString());
  context.caches.config.forget();
  if (!isDeleted) return notFound("destination");
  await cancelPending(context, id, "destination_deleted", context.clock());
  return { status: 204, body: null };
});
