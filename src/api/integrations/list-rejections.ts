import * as z from "zod/mini";
import type { RejectionCount } from "../../model/rejection.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { listRejections as readRejections, slotOfRejection } from "../../storage/config/rejections.ts";
import { type Shown, endpoint, returns } from "../endpoint.ts";
import { listResponse, pageOf, pageQuery, toPage } from "../paging.ts";
import { notFound } from "../problems.ts";
import { answerSchema, time } from "../schema.ts";

const rejection = answerSchema(
  "Rejection",
  z
    .strictObject({
      at: time.check(z.describe("When the latest of them was refused.")),
      status: z.int(),
      code: z.string(),
      count: z.int(),
      example: z
        .strictObject({
          method: z.string(),
          content_type: z.nullable(z.string()),
          user_agent: z.nullable(z.string()),
          size: z.nullable(z.int()).check(z.describe("The length that the sender stated; null if it stated none.")),
        })
        .check(z.describe("The latest of them. Texts are cut.")),
    })
    .check(z.describe("The requests of one minute that were refused with the same status and code.")),
);
const rejectionList = pageOf("RejectionList", rejection);

function viewRejection({ at, status, code, count, example }: RejectionCount): Shown<typeof rejection> {
  return { at: new Date(at).toISOString(), status, code, count, example };
}

export const listRejections = endpoint({
  id: "integrations.rejections.list",
  method: "GET",
  path: "/integrations/{id}/rejections",
  scope: "read",
  summary: "List the requests to an integration that were refused",
  description:
    "One row for each status and code of a minute. An isolate writes its counts at the first refused request, then at most every 30 seconds.",
  query: pageQuery(/^\d{15}\.\d{3} [a-z_]{1,60}$/),
  answers: { 200: returns(rejectionList, "A page, newest first.") },
}).handle(async ({ context, id, query }) => {
  const integration = await findIntegration(context.primary, id);
  if (integration === null) return notFound("integration");
  const { limit, before } = toPage(query);
  const rows = await readRejections(context.primary, integration.id, before, limit);
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? (shown.slice(-1).map(slotOfRejection)[0] ?? null) : null;
  return listResponse(shown, next, viewRejection);
});
