import * as z from "zod/mini";
import { changePending } from "../../delivery/attempts/pending-changes.ts";
import { planUnpause } from "../../delivery/attempts/unpause.ts";
import { forgetListeners } from "../../delivery/listeners/calls.ts";
import { fail } from "../../model/result.ts";
import { type NamedRoute, routesNaming } from "../../storage/config/routes.ts";
import { deleteDestination, findDestination } from "../../storage/destinations/destinations.ts";
import { recordChange } from "../audit/record.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import type { Refusal } from "../request.ts";

/** The number of routes that a refusal names, at most. */
const MAX_NAMED = 20;

function refuseNamed(routes: readonly NamedRoute[]): Refusal {
  const ids = routes.map(({ id }) => id).join(", ");
  return fail({
    code: "destination_in_use",
    title: "Routes name this destination.",
    detail: `Remove it from these routes first, or add ?force=true to remove it from all routes: ${ids}`,
    errors: routes.map(({ id, name }) => ({ path: "destination_ids", message: `of the route ${id} (${name})` })),
  });
}

export const remove = endpoint({
  id: "destinations.delete",
  method: "DELETE",
  path: "/destinations/{id}",
  scope: "write",
  summary: "Delete a destination",
  description:
    "Its pending deliveries are cancelled. Of very many, most are cancelled within minutes after the response.",
  query: {
    force: z
      .optional(z.enum(["true", "false"]))
      .check(z.describe("Whether to remove it from the routes that name it.")),
  },
  answers: DELETED,
  problems: { 409: "Routes name it, and `force` is not true." },
}).handle(async (request) => {
  const { context, id, query } = request;
  const stored = await findDestination(context.primary, id);
  if (stored === null) return notFound("destination");
  if (query.force !== "true") {
    const routes = await routesNaming(context.primary, id, MAX_NAMED);
    if (routes.length > 0) return refuseNamed(routes);
  }
  // Isolates that do not know of the deletion yet defer deliveries without a time, which nothing else would find.
  if (stored.paused_at !== null) await planUnpause(context, id);
  const record = recordChange(request, "destination.deleted", stored, null);
  const isDeleted = await deleteDestination(context.primary, id, new Date(context.clock()).toISOString(), record);
  context.caches.config.forget();
  if (!isDeleted) return notFound("destination");
  await changePending(context, id, "cancel_deleted");
  await forgetListeners(context.env, [stored]);
  return { status: 204, body: null };
});
