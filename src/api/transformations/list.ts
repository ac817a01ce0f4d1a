import { listTransformations } from "../../storage/config/transformations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { nameFilter } from "../filters.ts";
import { pageQuery, pageResponse, toPage } from "../paging.ts";
import { transformationList } from "./fields.ts";

export const list = endpoint({
  id: "transformations.list",
  method: "GET",
  path: "/transformations",
  scope: "read",
  summary: "List transformations",
  query: { ...pageQuery("trf"), name: nameFilter },
  answers: { 200: returns(transformationList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const page = toPage(query);
  return pageResponse(await listTransformations(context.primary, page, query.name), page, (row) => row);
});
