import { type Segment, readSegments } from "../../storage/segments/segment-rows.ts";
import { ABOVE_ALL_IDS } from "../../storage/tables.ts";
import { atEachShard, listIn, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { listResponse, pageQuery, toPage } from "../paging.ts";
import { segmentList, viewSegment } from "./fields.ts";

const ALL = { from: "", below: ABOVE_ALL_IDS };

export const list = endpoint({
  id: "segments.list",
  method: "GET",
  path: "/segments",
  scope: "read",
  summary: "List the segments of the log",
  query: pageQuery("seg"),
  answers: { 200: returns(segmentList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const { limit, before } = toPage(query);
  const { rows, next } = await listIn<Segment>(atEachShard(context), limit, slotById, async ({ shard: { db } }) => {
    const found = await readSegments(db, ALL, before ?? ABOVE_ALL_IDS, limit + 1);
    const page = found.slice(0, limit);
    return { rows: page, next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  });
  return listResponse(rows, next, viewSegment);
});
