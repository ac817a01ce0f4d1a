import { hashOfEntry, idOfEntry, type SegmentEntry, textOfRow } from "../../storage/segments/format.ts";
import { readBlocks, readTail } from "../../storage/segments/reader.ts";
import { type Segment, findSegment } from "../../storage/segments/segment-rows.ts";
import { findIn } from "../across-shards.ts";
import { type Shown, endpoint, returns } from "../endpoint.ts";
import { encodeSlot, pageQuery } from "../paging.ts";
import { notFound } from "../problems.ts";
import { segmentContent, viewSegment } from "./fields.ts";

const CURSOR = /^block_\d{1,6}$/;
const CURSOR_START = "block_";

type Entry = Shown<typeof segmentContent>["data"][number];

/** Shows an entry. The row of an event that is no longer the segment's is not shown: it may be about to be erased. */
async function viewEntry(segment: Segment, columns: readonly string[], entry: SegmentEntry): Promise<Entry> {
  const id = idOfEntry(entry);
  const hash = (await hashOfEntry(entry, columns)).toHex();
  if (entry.kind === "hash" || segment.removed.has(id)) return { id, hash, salt: null, row: null };
  return { id, hash, salt: entry.salt.toHex(), row: textOfRow(entry.row, columns) };
}

export const get = endpoint({
  id: "segments.get",
  method: "GET",
  path: "/segments/{id}",
  scope: "read",
  summary: "Get a segment of the log with its entries, to verify it",
  query: { cursor: pageQuery(CURSOR).cursor },
  answers: { 200: returns(segmentContent, "The segment, and a page of its entries.") },
}).handle(async ({ context, id, query }) => {
  const located = await findIn(context, ({ shard: { db } }) => findSegment(db, id));
  if (located === null) return notFound("segment");
  const { at, found } = located;
  const number = Number(query.cursor?.slice(CURSOR_START.length) ?? 0);
  const { columns, blocks } = await readTail(at.bodies, found);
  const entries = await readBlocks(at.bodies, found, [number]);
  const data = await Promise.all(entries.map((entry) => viewEntry(found, columns, entry)));
  const next = number + 1 < blocks.length ? encodeSlot(`${CURSOR_START}${number + 1}`) : null;
  const { sequence, root, previous, chained, events: written } = found;
  const segment = {
    ...viewSegment(found),
    shard: at.shard.number,
    sequence,
    root,
    previous,
    chained,
    columns,
    written,
  };
  return { status: 200, body: { segment, data, next_cursor: next } };
});
