import { deleteIntegration, findIntegration } from "../../storage/config/integrations.ts";
import { recordChange } from "../audit/record.ts";
import { DELETED, endpoint } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { forgetIntegration } from "./fields.ts";

export const remove = endpoint({
  id: "integrations.delete",
  method: "DELETE",
  path: "/integrations/{id}",
  scope: "write",
  summary: "Delete an integration",
  answers: DELETED,
}).handle(async (request) => {
  const { context, id } = request;
  const stored = await findIntegration(context.primary, id);
  if (stored === null) return notFound("integration");
  const record = recordChange(request, "integration.deleted", stored, null);
  const isDeleted = await deleteIntegration(context.primary, id, new Date(context.clock()).toISOString(), record);
  forgetIntegration(context, id);
  return isDeleted ? { status: 204, body: null } : notFound("integration");
});
