import { listIntegrations } from "../../storage/config/integrations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { nameFilter } from "../filters.ts";
import { pageQuery, pageResponse, toPage } from "../paging.ts";
import { readActivity } from "./activity.ts";
import { integrationList, viewIntegration } from "./fields.ts";

export const list = endpoint({
  id: "integrations.list",
  method: "GET",
  path: "/integrations",
  scope: "read",
  summary: "List integrations",
  query: { ...pageQuery("int"), name: nameFilter },
  answers: { 200: returns(integrationList, "A page, newest first.") },
}).handle(async (request) => {
  const { context, query } = request;
  const page = toPage(query);
  const rows = await listIntegrations(context.primary, page, query.name);
  const activityOf = await readActivity(context, rows);
  return pageResponse(rows, page, (row) => viewIntegration(request, row, activityOf(row.id)));
});
