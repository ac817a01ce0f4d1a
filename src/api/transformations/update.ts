import { findTransformation, updateTransformation } from "../../storage/config/transformations.ts";
import { recordChange, withChanges } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { checkCode } from "./check-code.ts";
import { transformation, transformationChange } from "./fields.ts";

export const update = endpoint({
  id: "transformations.update",
  method: "PATCH",
  path: "/transformations/{id}",
  scope: "write",
  summary: "Update a transformation",
  description: "Another `code` makes another version, which is in force within 10 seconds. The earlier ones are kept.",
  body: jsonBody(transformationChange, { name: "without emails" }),
  answers: { 200: returns(transformation, "The updated transformation.") },
  problems: {
    409: "Another transformation has this `external_id`.",
    429: "Too many transformations run at once.",
    503: "The code could not be compiled now.",
  },
}).handle(async (request) => {
  const { context, id, body } = request;
  const stored = await findTransformation(context.primary, id);
  if (stored === null) return notFound("transformation");
  // Code that is stored was checked. So a gateway that can no longer run any still takes changes of names.
  const isChanged = body.code !== undefined && body.code !== stored.code;
  const checked = await checkCode(context, isChanged ? [{ path: "code", code: body.code ?? "" }] : []);
  if (!checked.ok) return checked;
  const changes = { ...body, updated_at: new Date(context.clock()).toISOString() };
  const version = isChanged ? stored.version + 1 : stored.version;
  const record = recordChange(request, "transformation.updated", stored, withChanges(stored, { ...changes, version }));
  const updated = await updateTransformation(context.primary, id, changes, record);
  context.caches.config.forget();
  return updated === null ? notFound("transformation") : { status: 200, body: updated };
});
