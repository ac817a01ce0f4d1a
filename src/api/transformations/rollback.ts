import { findTransformation, findVersion, updateTransformation } from "../../storage/config/transformations.ts";
import { recordChange, withChanges } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { rollbackRequest, transformation } from "./fields.ts";

export const rollback = endpoint({
  id: "transformations.rollback",
  method: "POST",
  path: "/transformations/{id}/rollback",
  scope: "write",
  summary: "Roll a transformation back",
  description: "Makes a new version with the code of an earlier one. Nothing changes if that is the current code.",
  body: jsonBody(rollbackRequest, { version: 1 }),
  answers: { 200: returns(transformation, "The transformation with the earlier code.") },
}).handle(async (request) => {
  const { context, id, body } = request;
  const stored = await findTransformation(context.primary, id);
  if (stored === null) return notFound("transformation");
  const earlier = await findVersion(context.primary, id, body.version);
  if (earlier === null) return refuseBody([{ path: "version", message: "is not a version that is kept" }]);
  const { code } = earlier;
  if (code === stored.code) return { status: 200, body: stored };
  const changes = { code, updated_at: new Date(context.clock()).toISOString() };
  const after = withChanges(stored, { ...changes, version: stored.version + 1 });
  const record = recordChange(request, "transformation.rolled_back", stored, after);
  const updated = await updateTransformation(context.primary, id, changes, record);
  context.caches.config.forget();
  return updated === null ? notFound("transformation") : { status: 200, body: updated };
});
