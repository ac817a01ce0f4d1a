import * as z from "zod/mini";
import { withChecksum } from "../../crypto/checksums.ts";
import { findIntegration, rotateAddress } from "../../storage/config/integrations.ts";
import { changeConfig } from "../../storage/config/revision.ts";
import { recordChange } from "../audit/record.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { endOfOverlap, overlapSeconds } from "../fields.ts";
import { notFound } from "../problems.ts";
import { requestSchema } from "../schema.ts";
import { readActivity } from "./activity.ts";
import { forgetIntegration, integration, viewIntegration } from "./fields.ts";

const urlRotation = requestSchema("UrlRotation", z.strictObject({ overlap_seconds: overlapSeconds }));

export const rotateUrl = endpoint({
  id: "integrations.rotateUrl",
  method: "POST",
  path: "/integrations/{id}/rotate-url",
  scope: "write",
  summary: "Give an integration another URL",
  description: "Its id stays. The replaced URL works until the overlap ends.",
  body: optionalJsonBody(urlRotation),
  answers: { 200: returns(integration, "The integration, with the new URL.") },
}).handle(async (request) => {
  const { context, id, body } = request;
  const found = await findIntegration(context.primary, id);
  if (found === null) return notFound("integration");
  const address = await withChecksum(context.keys, context.mint("int").id);
  const nowMs = context.clock();
  const at = new Date(nowMs).toISOString();
  const retires_at = endOfOverlap(nowMs, body.overlap_seconds);
  const activityOf = await readActivity(context, [found]);
  return {
    status: 200,
    body: viewIntegration(request, { ...found, address, updated_at: at }, activityOf(found.id)),
    commit: async (alongside) => {
      const statements = rotateAddress(context.primary, id, { address, retires_at, at });
      const record = recordChange(request, "integration.url_rotated", found, { ...found, address });
      await changeConfig(context.primary, [...statements, ...record, ...alongside]);
      forgetIntegration(context, id);
    },
  };
});
