import { findTransformation, transformationUsers } from "../../storage/config/transformations.ts";
import { endpoint, jsonBody } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { answers, previewRequest, problems, runPreview } from "./run-preview.ts";

export const preview = endpoint({
  id: "transformations.preview",
  method: "POST",
  path: "/transformations/{id}/preview",
  scope: "write",
  summary: "Show what a transformation returns",
  description: "For a stored event or a body, with the stored code or another. Nothing is stored or sent.",
  body: jsonBody(previewRequest, { body: { title: "Disk full", email: "ann@example.com" } }),
  answers,
  problems,
}).handle(async ({ context, id, body }) => {
  const stored = await findTransformation(context.primary, id);
  if (stored === null) return notFound("transformation");
  const users = await transformationUsers(context.primary, id, 1);
  const isOfDestinations = users.integration_ids.length === 0 && users.destination_ids.length > 0;
  const code = body.code ?? stored.code;
  return await runPreview(context, { ...body, code }, isOfDestinations ? "destination" : "integration");
});
