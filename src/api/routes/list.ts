import { listRoutes } from "../../storage/config/routes.ts";
import { endpoint, returns } from "../endpoint.ts";
import { nameFilter } from "../filters.ts";
import { pageQuery, pageResponse, toPage } from "../paging.ts";
import { routeList } from "./fields.ts";

export const list = endpoint({
  id: "routes.list",
  method: "GET",
  path: "/routes",
  scope: "read",
  summary: "List routes",
  query: { ...pageQuery("rte"), name: nameFilter },
  answers: { 200: returns(routeList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const page = toPage(query);
  return pageResponse(await listRoutes(context.primary, page, query.name), page, (row) => row);
});
