import type { Transformation } from "../../model/transformation.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { insertTransformation } from "../../storage/config/transformations.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { checkCode } from "./check-code.ts";
import { transformation, transformationCreation } from "./fields.ts";

const EXAMPLE = {
  name: "without emails",
  code: "export default function (event) {\n  delete event.payload.email;\n  return event;\n}\n",
};

export const create = endpoint({
  id: "transformations.create",
  method: "POST",
  path: "/transformations",
  scope: "write",
  summary: "Create a transformation",
  description:
    "The code is compiled; it is not accepted without a default export. It has an effect once an integration or a destination names it as `transformation_id`.",
  body: jsonBody(transformationCreation, EXAMPLE),
  answers: { 201: returns(transformation, "Created.") },
  problems: { 429: "Too many transformations run at once.", 503: "The code could not be compiled now." },
}).handle(async (request) => {
  const { context, body } = request;
  const checked = await checkCode(context, [{ path: "code", code: body.code }]);
  if (!checked.ok) return checked;
  const { id, at_ms } = context.mint("trf");
  const at = new Date(at_ms).toISOString();
  const created: Transformation = { id, ...body, version: 1, managed_by: null, created_at: at, updated_at: at };
  return {
    status: 201,
    body: created,
    commit: async (alongside) => {
      await changeConfig(context.primary, [
        ...insertTransformation(
          context.primary,
          created,
          recordChange(request, "transformation.created", null, created),
        ),
        ...alongside,
      ]);
      context.caches.config.forget();
    },
  };
});
