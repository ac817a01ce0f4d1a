import { listTokens } from "../../storage/config/tokens.ts";
import { endpoint, returns } from "../endpoint.ts";
import { pageQuery, pageResponse, toPage } from "../paging.ts";
import { tokenList, viewToken } from "./fields.ts";

export const list = endpoint({
  id: "tokens.list",
  method: "GET",
  path: "/tokens",
  scope: "admin",
  summary: "List tokens",
  query: pageQuery("tok"),
  answers: { 200: returns(tokenList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const page = toPage(query);
  return pageResponse(await listTokens(context.primary, page), page, viewToken);
});
