import * as z from "zod/mini";
import { fail } from "../../model/result.ts";
import {
  type TransformationUsers,
  deleteTransformation,
  findTransformation,
  transformationUsers,
} from "../../storage/config/transformations.ts";
import { recordChange } from "../audit/record.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import type { Refusal } from "../request.ts";

/** The integrations and the destinations that a refusal names, at most of each. */
const MAX_NAMED = 10;

function refuseNamed({ integration_ids, destination_ids }: TransformationUsers): Refusal {
  const ids = [...integration_ids, ...destination_ids].join(", ");
  const errorOf = (kind: string) => (id: string) => ({ path: "transformation_id", message: `of the ${kind} ${id}` });
  return fail({
    code: "transformation_in_use",
    title: "Integrations or destinations name this transformation.",
    detail: `Set their transformation_id to null first, or add ?force=true to do so with all: ${ids}`,
    errors: [...integration_ids.map(errorOf("integration")), ...destination_ids.map(errorOf("destination"))],
  });
}

export const remove = endpoint({
  id: "transformations.delete",
  method: "DELETE",
  path: "/transformations/{id}",
  scope: "write",
  summary: "Delete a transformation",
  description: "With its versions. What passed it passes nothing from then on.",
  query: {
    force: z
      .optional(z.enum(["true", "false"]))
      .check(z.describe("Whether to take it from the integrations and destinations that name it.")),
  },
  answers: DELETED,
  problems: { 409: "Integrations or destinations name it, and `force` is not true." },
}).handle(async (request) => {
  const { context, id, query } = request;
  const stored = await findTransformation(context.primary, id);
  if (stored === null) return notFound("transformation");
  const users = await transformationUsers(context.primary, id, MAX_NAMED);
  const isUsed = users.integration_ids.length + users.destination_ids.length > 0;
  if (isUsed && query.force !== "true") return refuseNamed(users);
  const record = recordChange(request, "transformation.deleted", stored, null);
  const at = new Date(context.clock()).toISOString();
  const isDeleted = await deleteTransformation(context.primary, id, at, record);
  context.caches.config.forget();
  return isDeleted ? { status: 204, body: null } : notFound("transformation");
});
