import { findIntegration } from "../../storage/config/integrations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { readActivity } from "./activity.ts";
import { integration, viewIntegration } from "./fields.ts";

export const get = endpoint({
  id: "integrations.get",
  method: "GET",
  path: "/integrations/{id}",
  scope: "read",
  summary: "Get an integration",
  answers: { 200: returns(integration, "The integration.") },
}).handle(async (request) => {
  const { context, id } = request;
  const found = await findIntegration(context.primary, id);
  if (found === null) return notFound("integration");
  const activityOf = await readActivity(context, [found]);
  return { status: 200, body: viewIntegration(request, found, activityOf(found.id)) };
});
