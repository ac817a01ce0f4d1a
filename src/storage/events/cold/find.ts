import type { EventHead } from "../../../model/event.ts";
import type { EventStores } from "../../../platform/shards.ts";
import { type Row, text } from "../../rows.ts";
import { SegmentError } from "../../segments/errors.ts";
import { readRows } from "../../segments/reader.ts";
import { type Segment, findSegments, parseSegment, segmentsOf } from "../../segments/segment-rows.ts";
import { HEAD_COLUMNS, parseEventHead } from "../event-row.ts";

// Events by their ids. An event is in `events`, or in one segment. A segment may get another object, or none, while it is read.

const MAX_ROUNDS = 3;

/** What is read of events in one segment, by id. */
type Read<T> = (segment: Segment, ids: readonly string[]) => Promise<ReadonlyMap<string, T>>;

/** Reads events from segments, the nearest ones first. Returns null if an object is gone: the segment has another one by now, or none. */
async function readFrom<T>(
  segments: readonly Segment[],
  ids: readonly string[],
  read: Read<T>,
): Promise<ReadonlyMap<string, T> | null> {
  const found = new Map<string, T>();
  try {
    // A segment that ends close above an event probably has it.
    for (const segment of segments.toReversed()) {
      const isOwn = (id: string): boolean => id >= segment.from_id && id <= segment.to_id && !segment.removed.has(id);
      const own = ids.filter((id) => !found.has(id) && isOwn(id));
      if (own.length === 0) continue;
      for (const [id, value] of await read(segment, own)) found.set(id, value);
    }
  } catch (error) {
    if (error instanceof SegmentError && error.fault === "missing") return null;
    throw error;
  }
  return found;
}

function rowsOf({ bodies }: EventStores): Read<Row> {
  return async (segment, ids) =>
    new Map((await readRows(bodies, segment, ids)).map((row) => [text(row, "id"), row] as const));
}

function unreadable(id: string): SegmentError {
  return new SegmentError("missing", id, "the segment of the event cannot be read");
}

/**
 * Returns the row of an event, from `events` with some columns, or whole from a segment; null if there is none. It takes three calls
 * if the event is in a segment that overlaps with no other. Throws if a store cannot be read.
 */
export async function findRow(stores: EventStores, columns: string, id: string): Promise<Row | null> {
  const { db } = stores.shard;
  const hot = db.prepare(`SELECT ${columns} FROM events WHERE id = ?`).bind(id);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // In one transaction: an event that moves is in one of them.
    const [own, others] = await db.batch<Row>([hot, segmentsOf(db, [id])]);
    const [row] = own?.results ?? [];
    if (row !== undefined) return row;
    const found = await readFrom((others?.results ?? []).map(parseSegment), [id], rowsOf(stores));
    if (found !== null) return found.get(id) ?? null;
  }
  throw unreadable(id);
}

/** The segments that one reading of many events looks into, at most. */
const MAX_SEGMENTS = 8;

async function readCold<T>(
  { shard }: EventStores,
  ids: readonly string[],
  maxSegments: number,
  read: Read<T>,
): Promise<ReadonlyMap<string, T>> {
  const [first] = ids;
  if (first === undefined) return new Map();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const segments = await findSegments(shard.db, ids);
    const found = await readFrom(segments.slice(0, maxSegments), ids, read);
    if (found !== null) return found;
  }
  throw unreadable(first);
}

/** Returns the rows of events that are in segments, by id: in the newest of the segments that can have them. */
export async function readColdRows(
  stores: EventStores,
  ids: readonly string[],
  maxSegments: number = MAX_SEGMENTS,
): Promise<ReadonlyMap<string, Row>> {
  return await readCold(stores, ids, maxSegments, rowsOf(stores));
}

const HEADS = `SELECT ${HEAD_COLUMNS} FROM events WHERE id IN (SELECT value FROM json_each(?1))`;

/** Returns the recorded ones of these events, without deliveries and content. */
export async function readHeads(stores: EventStores, ids: readonly string[]): Promise<EventHead[]> {
  const { results } = await stores.shard.db.prepare(HEADS).bind(JSON.stringify(ids)).all<Row>();
  const hot = new Set(results.map((row) => text(row, "id")));
  const missing = ids.filter((id) => !hot.has(id));
  const cold = await readCold(stores, missing, Number.POSITIVE_INFINITY, rowsOf(stores));
  return [...results, ...cold.values()].map(parseEventHead);
}
