import { endpoint, jsonBody } from "../endpoint.ts";
import { answers, draftPreviewRequest, problems, runPreview } from "../transformations/run-preview.ts";

export const create = endpoint({
  id: "transformationPreviews.create",
  method: "POST",
  path: "/transformation-previews",
  scope: "write",
  summary: "Show what a new transformation would return",
  description: "For a stored event or a body. Nothing is stored or sent.",
  body: jsonBody(draftPreviewRequest, { code: "export default (event) => event;\n", body: { title: "Disk full" } }),
  answers,
  problems,
}).handle(async ({ context, body }) => await runPreview(context, body, "integration"));
