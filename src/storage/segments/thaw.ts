import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import { jsonChunks } from "../chunks.ts";
import { type Row, text } from "../rows.ts";
import { hoursOfHeads, subtractCold, withoutHours } from "./cold-counts.ts";
import { SEGMENT_COLUMNS } from "./format.ts";
import { readHeads, readRows } from "./reader.ts";
import { type Segment, findSegment, parseSegment, segmentsOf } from "./segment-rows.ts";

// Brings events back from segments to `events`, because something changes them: a retry, a replay, an erasure, a late event. One
// transaction inserts the rows and takes the events out of their segment, while the segment is as it was read. Later they move again.

const HOT = "SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?1))";

/** Where events are: those that are in no segment, and the segments that can have the others, newest first. */
async function locate(
  db: ShardDatabase,
  ids: readonly string[],
): Promise<{ readonly cold: readonly string[]; readonly segments: readonly Segment[] }> {
  if (ids.length === 0) return { cold: [], segments: [] };
  const [hot, segments] = await db.batch<Row>([db.prepare(HOT).bind(JSON.stringify(ids)), segmentsOf(db, ids)]);
  const known = new Set((hot?.results ?? []).map((row) => text(row, "id")));
  return { cold: ids.filter((id) => !known.has(id)), segments: (segments?.results ?? []).map(parseSegment) };
}

/** Returns those of the events that are in segments. Throws if D1 or R2 cannot be read. */
export async function findCold(
  { shard: { db }, bodies }: EventStores,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { cold, segments } = await locate(db, ids);
  const wanted = new Set(cold);
  const found = new Set<string>();
  for (const segment of segments) {
    if (found.size === wanted.size) break;
    if (!cold.some((id) => isWithin(segment, id))) continue;
    for (const { id } of await readHeads(bodies, segment)) if (wanted.has(id)) found.add(id);
  }
  return found;
}

function isWithin({ from_id, to_id }: Segment, id: string): boolean {
  return id >= from_id && id <= to_id;
}

const IS_UNCHANGED = "EXISTS (SELECT 1 FROM segments WHERE id = ?2 AND version = ?3)";
const INSERT_ROWS = `
  INSERT INTO events (${SEGMENT_COLUMNS.join(", ")})
  SELECT ${SEGMENT_COLUMNS.map((column) => `u.value->>'${column}'`).join(", ")} FROM json_each(?1) u WHERE ${IS_UNCHANGED}
  ON CONFLICT (id) DO NOTHING`;
const SUBTRACT = subtractCold(`(CASE WHEN ${IS_UNCHANGED} THEN ?1 END)`);
const REMOVE = `
  UPDATE segments SET version = version + 1, hours = ?4,
    removed = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(removed) UNION SELECT value FROM json_each(?1)))
  WHERE id = ?2 AND version = ?3 RETURNING id`;

/** Takes events out of a segment. Returns whether it was as it was read: else nothing has happened. */
async function thawFrom(
  { shard: { db }, bodies }: EventStores,
  segment: Segment,
  ids: readonly string[],
): Promise<boolean> {
  const rows = await readRows(bodies, segment, ids);
  const wanted = new Set(ids);
  const heads = (await readHeads(bodies, segment)).filter(({ id }) => wanted.has(id));
  const gone = hoursOfHeads(heads);
  const { id, version } = segment;
  const results = await db.batch<Row>([
    ...jsonChunks(rows).map((chunk) => db.prepare(INSERT_ROWS).bind(chunk, id, version)),
    db.prepare(SUBTRACT).bind(JSON.stringify(gone), id, version),
    db.prepare(REMOVE).bind(JSON.stringify(ids), id, version, JSON.stringify(withoutHours(segment.hours, gone))),
  ]);
  return (results.at(-1)?.results.length ?? 0) > 0;
}

/** A thaw is tried this often while others change the segment first. */
const MAX_ROUNDS = 20;

/**
 * Brings those of the events that are in segments back to `events`, as they were. Returns their ids. Two thaws of one event make one.
 * Throws if D1 or R2 cannot be read or written.
 */
export async function thawEvents(stores: EventStores, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { db } = stores.shard;
  const thawed = new Set<string>();
  const { cold, segments } = await locate(db, ids);
  for (const found of segments) {
    const own = cold.filter((id) => !thawed.has(id) && isWithin(found, id));
    if (own.length === 0) continue;
    let segment: Segment | null = found;
    for (let round = 0; segment !== null; round++) {
      if (round === MAX_ROUNDS) throw new Error("The segment changed too often for its events to be brought back.");
      const heads = new Set((await readHeads(stores.bodies, segment)).map(({ id }) => id));
      const here = own.filter((id) => heads.has(id));
      if (here.length === 0) break;
      if (await thawFrom(stores, segment, here)) {
        for (const id of here) thawed.add(id);
        break;
      }
      segment = await findSegment(db, segment.id);
    }
  }
  return thawed;
}
