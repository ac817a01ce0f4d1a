import type { EventStores } from "../../platform/shards.ts";
import type { Row } from "../rows.ts";
import { type SegmentEntry, encodeSegment, hashOfEntry, idOfEntry } from "./format.ts";
import { forgetTail, readBlocks, readTail } from "./reader.ts";
import { type Segment, findSegment, findSegments } from "./segment-rows.ts";

const REPLACE = `
  UPDATE segments SET version = version + 1, object_key = ?3, bytes = ?4, tail_offset = ?5, tail_length = ?6
  WHERE id = ?1 AND version = ?2 RETURNING id`;

/** Returns the key of the next object of a segment: its id, and a number that no earlier one had. */
function nextKey({ object_key, id }: Segment): string {
  const folder = object_key.slice(0, object_key.lastIndexOf("/") + 1);
  return `${folder}${id}.${crypto.randomUUID()}`;
}

async function erased(
  entry: SegmentEntry,
  ids: ReadonlySet<string>,
  columns: readonly string[],
): Promise<SegmentEntry> {
  const id = idOfEntry(entry);
  return entry.kind === "row" && ids.has(id) ? { kind: "hash", hash: await hashOfEntry(entry, columns), id } : entry;
}

/** Writes a segment anew without the rows of these events. Returns whether it was as it was read. */
async function rewrite(
  { shard: { db }, bodies }: EventStores,
  segment: Segment,
  ids: ReadonlySet<string>,
): Promise<boolean> {
  const { blocks, columns } = await readTail(bodies, segment);
  const entries = await readBlocks(bodies, segment, [...blocks.keys()]);
  const left = await Promise.all(entries.map((entry) => erased(entry, ids, columns)));
  const { bytes, tail_offset, tail_length } = await encodeSegment(left);
  const key = nextKey(segment);
  await bodies.put(key, bytes);
  const { results } = await db
    .prepare(REPLACE)
    .bind(segment.id, segment.version, key, bytes.length, tail_offset, tail_length)
    .all<Row>();
  const old = results.length > 0 ? segment.object_key : key;
  await bodies.delete(old);
  forgetTail(old);
  if ((await bodies.head(old)) !== null) throw new Error("An object in R2 was deleted, and is still there.");
  return results.length > 0;
}

const MAX_ROUNDS = 20;

/**
 * Erases what segments still hold of events that were brought back from them (thaw.ts): the rows and their salts. Their hashes stay, so
 * that the roots do. Every object that had them is gone when this returns. Repeating it changes nothing. Throws if D1 or R2 cannot be
 * read or written.
 */
export async function eraseFromSegments(stores: EventStores, eventIds: readonly string[]): Promise<void> {
  for (const { id } of await findSegments(stores.shard.db, eventIds)) {
    for (let round = 0; ; round++) {
      if (round === MAX_ROUNDS) throw new Error("The segment changed too often to be written anew.");
      const segment = await findSegment(stores.shard.db, id);
      if (segment === null) break;
      const { heads } = await readTail(stores.bodies, segment);
      const held = new Set(heads.map((head) => head.id));
      const own = new Set(eventIds.filter((each) => held.has(each) && segment.removed.has(each)));
      if (own.size === 0 || (await rewrite(stores, segment, own))) break;
    }
  }
}
