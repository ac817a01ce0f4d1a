import { deleteIntegration } from "../../storage/config/integrations.ts";
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
}).handle(async ({ context, id }) => {
  const isDeleted = await deleteIntegration(context.primary, id, new Date(context.clock()).toISOString());
  forgetIntegration(context, id);
  return isDeleted ? { status: 204, body: null } : notFound("integration");
});
