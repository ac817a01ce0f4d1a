import { hashOfEntry, idOfEntry, type SegmentEntry, textOfRow } from "../../storage/segments/format.ts";
import { SegmentError } from "../../storage/segments/errors.ts";
import { readBlocks, readTail } from "../../storage/segments/reader.ts";
import { type Segment, findSegment } from "../../storage/segments/segment-rows.ts";
import { type Located, findIn } from "../across-shards.ts";
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

type Content = {
  readonly columns: readonly string[];
  readonly data: readonly Entry[];
  readonly next: number | null;
  readonly damage: string | null;
};

/** Reads a block. Says what is wrong if that cannot be read as it was written: the blocks after it may be as they were. */
async function readBlock({ at: { bodies }, found }: Located<Segment>, number: number): Promise<Content> {
  let columns: readonly string[] = [];
  let next: number | null = null;
  try {
    const tail = await readTail(bodies, found);
    columns = tail.columns;
    next = number + 1 < tail.blocks.length ? number + 1 : null;
    const entries = await readBlocks(bodies, found, [number]);
    const data = await Promise.all(entries.map((entry) => viewEntry(found, tail.columns, entry)));
    return { columns, data, next, damage: null };
  } catch (error) {
    if (!(error instanceof SegmentError)) throw error;
    return { columns, data: [], next, damage: error.message };
  }
}

/** Erasing an event writes its segment anew, and deletes the object that is just read. */
const MAX_ROUNDS = 3;

async function readContent(
  find: () => Promise<Located<Segment> | null>,
  number: number,
): Promise<{ readonly located: Located<Segment>; readonly content: Content } | null> {
  for (let round = 1; ; round++) {
    const located = await find();
    if (located === null) return null;
    const content = await readBlock(located, number);
    if (content.damage === null || round === MAX_ROUNDS) return { located, content };
  }
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
  const number = Number(query.cursor?.slice(CURSOR_START.length) ?? 0);
  const find = () => findIn(context, ({ shard: { db } }) => findSegment(db, id));
  const read = await readContent(find, number);
  if (read === null) return notFound("segment");
  const { columns, data, next, damage } = read.content;
  const { at, found } = read.located;
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
  const next_cursor = next === null ? null : encodeSlot(`${CURSOR_START}${next}`);
  return { status: 200, body: { segment, data, damage, next_cursor } };
});
