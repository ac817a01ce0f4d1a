import { joinParts } from "../../model/replay.ts";
import { listReplays } from "../../storage/pipeline/replays.ts";
import { endpoint, returns } from "../endpoint.ts";
import { pageQuery, pageResponse, toPage } from "../paging.ts";
import { replayList } from "./fields.ts";

export const list = endpoint({
  id: "replays.list",
  method: "GET",
  path: "/replays",
  scope: "read",
  summary: "List replays",
  query: pageQuery("rpl"),
  answers: { 200: returns(replayList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const page = toPage(query);
  const lists = await Promise.all(context.shards.map(({ db }) => listReplays(db, page)));
  // Each list has one row more than the page if it continues, so every part of the page's replays is here.
  const rows = lists.flat().toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const replays = [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((parts) => joinParts(parts) ?? []);
  return pageResponse(replays, page, (row) => row);
});
