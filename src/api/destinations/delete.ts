import { changePending } from "../../delivery/attempts/pending-changes.ts";
import { deleteDestination } from "../../storage/destinations/destinations.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";

export const remove = endpoint({
  id: "destinations.delete",
  method: "DELETE",
  path: "/destinations/{id}",
  scope: "write",
  summary: "Delete a destination",
  description:
    "Its pending deliveries are cancelled. Of very many, most are cancelled within minutes after the response.",
  answers: DELETED,
}).handle(async ({ context, id }) => {
  const isDeleted = await deleteDestination(context.primary, id, new Date(context.clock()).toISOString());
  context.caches.config.forget();
  if (!isDeleted) return notFound("destination");
  await changePending(context, id, "cancel_deleted");
  return { status: 204, body: null };
});
