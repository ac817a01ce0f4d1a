import { timeOf } from "../../model/ids.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn, integer, text, textOrNull } from "../rows.ts";

// The rows of `segments`: what is known of each segment without its object. Segments sort by the time of their last event. Their ranges
// overlap where an event stayed in D1 for longer than its neighbours, but none is longer than a day.

/** The last event of a segment is at most so much younger than its first one, in ms. */
export const MAX_SPAN_MS = 86_400_000;

/** How many events of a segment have a value, or null if there are too many values: then it may have any. */
export type ValueCounts = Readonly<Record<string, number>> | null;

/** What the events of a segment are, counted when it was written: deliveries by destination and status, events by the others. */
export type SegmentCounts = {
  readonly integrations: ValueCounts;
  readonly destinations: ValueCounts;
  readonly statuses: ValueCounts;
  readonly outcomes: ValueCounts;
  /** Events without a type count as "". */
  readonly types: ValueCounts;
};

/** The outcomes of events of one hour in a segment: [delivered, dead, cancelled, ignored], as reconciliation counts them. */
export type ColdOutcomes = readonly [delivered: number, dead: number, cancelled: number, ignored: number];

/** A segment, as its row has it. */
export type Segment = {
  readonly id: string;
  readonly from_id: string;
  readonly to_id: string;
  readonly version: number;
  readonly object_key: string;
  readonly events: number;
  readonly bytes: number;
  readonly tail_offset: number;
  readonly tail_length: number;
  readonly sequence: number;
  readonly root: string;
  readonly previous: string;
  readonly chained: string;
  readonly created_at: string;
  /** Events of the object that are no longer the segment's. */
  readonly removed: ReadonlySet<string>;
  readonly hours: Readonly<Record<string, ColdOutcomes>>;
  readonly counts: SegmentCounts;
  /** A Bloom filter of the alerts of its events (bloom.ts), or null if none has one. */
  readonly alerts: string | null;
};

export function parseSegment(row: Row): Segment {
  return {
    id: text(row, "id"),
    from_id: text(row, "from_id"),
    to_id: text(row, "to_id"),
    version: integer(row, "version"),
    object_key: text(row, "object_key"),
    events: integer(row, "events"),
    bytes: integer(row, "bytes"),
    tail_offset: integer(row, "tail_offset"),
    tail_length: integer(row, "tail_length"),
    sequence: integer(row, "sequence"),
    root: text(row, "root"),
    previous: text(row, "previous"),
    chained: text(row, "chained"),
    created_at: text(row, "created_at"),
    removed: new Set(fromColumn<readonly string[]>(row, "removed")),
    hours: fromColumn(row, "hours"),
    counts: fromColumn(row, "counts"),
    alerts: textOrNull(row, "alerts"),
  };
}

/** Returns a text that sorts below the ids of segments whose last event has the time of this one or a later one. */
function segmentFloor(eventId: string): string {
  return `seg_${eventId.slice(4, 13)}`;
}

/** Returns a text that sorts above the ids of all segments that can have this event. */
function segmentCeiling(eventId: string): string {
  return segmentFloorAt(timeOf(eventId) + MAX_SPAN_MS + 1);
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** As `segmentFloor`, for a time in ms since 1970. */
export function segmentFloorAt(ms: number): string {
  let letters = "";
  for (let rest = Math.max(0, ms); letters.length < 9; rest = Math.floor(rest / 32)) {
    letters = ALPHABET.charAt(rest % 32) + letters;
  }
  return `seg_${letters}`;
}

/** The events from `from` on and below `below`. */
export type IdRange = { readonly from: string; readonly below: string };

const IN_RANGE = `
  SELECT * FROM segments
  WHERE id >= ?1 AND id < ?2 AND to_id >= ?3 AND from_id < ?4 ORDER BY id DESC LIMIT ?5`;

/**
 * Returns segments that can have events of a range, newest first: the first ones below the segment `before` ("~" for the newest). The
 * ids of segments are in the order of their last events.
 */
export async function readSegments(
  db: ShardDatabase,
  { from, below }: IdRange,
  before: string,
  limit: number,
): Promise<Segment[]> {
  const ceiling = below.startsWith("evt_") ? segmentCeiling(below) : "~";
  const { results } = await db
    .prepare(IN_RANGE)
    .bind(from.startsWith("evt_") ? segmentFloor(from) : "", ceiling < before ? ceiling : before, from, below, limit)
    .all<Row>();
  return results.map(parseSegment);
}

const OLDEST_IN_RANGE = `
  SELECT * FROM segments
  WHERE id >= ?1 AND id < ?2 AND to_id >= ?3 AND from_id < ?4 ORDER BY id LIMIT ?5`;

/** Returns the first segments that can have events of a range, in the order of their last events. */
export async function readOldestSegments(
  db: ShardDatabase,
  { from, below }: IdRange,
  limit: number,
): Promise<Segment[]> {
  const ceiling = below.startsWith("evt_") ? segmentCeiling(below) : "~";
  const floor = from.startsWith("evt_") ? segmentFloor(from) : "";
  const { results } = await db.prepare(OLDEST_IN_RANGE).bind(floor, ceiling, from, below, limit).all<Row>();
  return results.map(parseSegment);
}

const OF_EVENTS = `
  SELECT s.* FROM segments s
  WHERE s.id IN (
    SELECT c.id FROM json_each(?1) u JOIN segments c
      ON c.id >= u.value->>1 AND c.id < u.value->>2 AND c.from_id <= u.value->>0 AND c.to_id >= u.value->>0)
  ORDER BY s.id DESC LIMIT ?2`;

/** The segments that one reading of `segmentsOf` returns, at most. */
const MAX_SEGMENTS_OF = 200;

/** Returns the statement for the segments that can have some of these events, newest first. Its rows are for `parseSegment`. */
export function segmentsOf(db: ShardDatabase, eventIds: readonly string[]): D1PreparedStatement {
  const wanted = eventIds.map((id) => [id, segmentFloor(id), segmentCeiling(id)]);
  return db.prepare(OF_EVENTS).bind(JSON.stringify(wanted), MAX_SEGMENTS_OF);
}

/** Returns the segments that can have some of these events, newest first. */
export async function findSegments(db: ShardDatabase, eventIds: readonly string[]): Promise<Segment[]> {
  if (eventIds.length === 0) return [];
  const { results } = await segmentsOf(db, eventIds).all<Row>();
  return results.map(parseSegment);
}

/** Returns a segment, or null if there is none with this id. */
export async function findSegment(db: ShardDatabase, id: string): Promise<Segment | null> {
  const row = await db.prepare("SELECT * FROM segments WHERE id = ?1").bind(id).first<Row>();
  return row === null ? null : parseSegment(row);
}
