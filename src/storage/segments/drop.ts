import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import { DELETE_EMPTY_HOURS, boundsOf } from "../maintenance/rollups.ts";
import { type Row, text } from "../rows.ts";
import { KEEP_LINK } from "./chain.ts";
import { deleteCold } from "./cold-counts.ts";
import { SegmentError } from "./errors.ts";
import { forgetTail, readHeads } from "./reader.ts";
import { type Segment, parseSegment, segmentFloorAt } from "./segment-rows.ts";

// Retention of segments, and of objects that no segment names.

const EXPIRED = "SELECT * FROM segments WHERE id < ?1 ORDER BY id LIMIT ?2";

/** Returns segments whose last event was received before `beforeMs` (ms since 1970), oldest first. */
export async function readExpiredSegments(db: ShardDatabase, beforeMs: number, limit: number): Promise<Segment[]> {
  const { results } = await db.prepare(EXPIRED).bind(segmentFloorAt(beforeMs), limit).all<Row>();
  return results.map(parseSegment);
}

const IS_SAME = "id = ?1 AND version = ?2";
const DELETE_COUNTS = deleteCold(`(SELECT hours FROM segments WHERE ${IS_SAME})`);

/** Returns the keys of the contents in R2 that a segment's events have. A segment that cannot be read has none: a scan finds them. */
async function bodiesOf(stores: EventStores, segment: Segment): Promise<string[]> {
  try {
    return (await readHeads(stores.bodies, segment)).flatMap(({ stored_at }) =>
      stored_at?.startsWith("events/") === true ? [stored_at] : [],
    );
  } catch (error) {
    if (error instanceof SegmentError) return [];
    throw error;
  }
}

/** R2 deletes this many objects at a time. */
const MAX_KEYS = 1_000;

/** Deletes a segment with all that it holds, unless it has changed since it was read. Returns whether it did. */
export async function dropSegment(stores: EventStores, segment: Segment): Promise<boolean> {
  const { db } = stores.shard;
  const { id, version, object_key, hours } = segment;
  const keys = await bodiesOf(stores, segment);
  const bounds = Object.keys(hours).map((hour) => boundsOf(Number(hour)));
  const [, , deleted] = await db.batch<Row>([
    db.prepare(DELETE_COUNTS).bind(id, version),
    db.prepare(KEEP_LINK).bind(id, version),
    db.prepare(`DELETE FROM segments WHERE ${IS_SAME} RETURNING id`).bind(id, version),
    db.prepare(DELETE_EMPTY_HOURS).bind(JSON.stringify(bounds)),
  ]);
  if ((deleted?.results.length ?? 0) === 0) return false;
  forgetTail(object_key);
  const gone = [object_key, ...keys];
  for (let at = 0; at < gone.length; at += MAX_KEYS) await stores.bodies.delete(gone.slice(at, at + MAX_KEYS));
  return true;
}

const IN_USE =
  "SELECT object_key FROM segments WHERE object_key IN (SELECT value FROM json_each(?1)) AND id IN (SELECT value FROM json_each(?2))";

/** The folder of the objects of a shard. */
export function folderOf(shard: number): string {
  return `segments/${shard}/`;
}

/** Returns those of the objects of a shard that a segment names. The name of an object begins with the segment's id. */
export async function readObjectsInUse(db: ShardDatabase, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = keys.map((key) => key.slice(key.lastIndexOf("/") + 1).split(".")[0] ?? "");
  const { results } = await db.prepare(IN_USE).bind(JSON.stringify(keys), JSON.stringify(ids)).all<Row>();
  return new Set(results.map((row) => text(row, "object_key")));
}
