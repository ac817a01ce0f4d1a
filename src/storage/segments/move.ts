import { timeOf } from "../../model/ids.ts";
import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import { DELIVERIES_BYTES } from "../events/deliveries-column.ts";
import { OUTCOME_COLUMNS, WATERMARK } from "../maintenance/rollups.ts";
import { HOUR_MS } from "../maintenance/hours.ts";
import { type Row, fromColumn, integer, text } from "../rows.ts";
import { APPEND_TO_CHAIN, type Chain, chainEndsWith } from "./chain.ts";
import { addCold } from "./cold-counts.ts";
import { alertsOf, countHeads } from "./counts.ts";
import { SEGMENT_COLUMNS, encodeSegment, randomSalts } from "./format.ts";
import { chainedTo } from "./hashes.ts";
import { eraseFromSegments } from "./rewrite.ts";
import { MAX_SPAN_MS } from "./segment-rows.ts";

// Moves events that are final from D1 into a segment. The object is written first. Then one transaction inserts the segment's row, adds
// its events to the cold counts of their hours, and deletes the rows that are still as they were read. A failure before that leaves an
// object that no row names, which maintenance deletes.

/** A segment has at most so many events, and their rows so many bytes. */
export const MAX_SEGMENT_EVENTS = 2_000;
const MAX_SEGMENT_BYTES = 4_000_000;
/** A segment with so many events or bytes is not waited for. */
const FULL_EVENTS = 1_000;
const FULL_BYTES = 2_000_000;
/** The events that one query looks at. Mostly all of them can move, so that it is little more than a segment: D1 bills rows that are read. */
const MAX_SCANNED = 2_500;

/** An event that may move. */
export type Candidate = { readonly id: string; readonly version: number; readonly bytes: number };

// Numbers of messages are read from the rows, up to the position of that task. What waits in an open group is read when the group closes.
const THROUGH = `COALESCE((SELECT position->>'through' FROM maintenance_tasks WHERE task = 'acceptance'), '')`;
const CANDIDATES = `
  WITH scanned AS MATERIALIZED (
    SELECT id, version, grouped, rescue_at,
      ${DELIVERIES_BYTES} + OCTET_LENGTH(content) + COALESCE(OCTET_LENGTH(alert), 0) + 200 AS bytes
    FROM events WHERE id > ?1 AND id <= MIN(?2, ${WATERMARK}, ${THROUGH}) ORDER BY id LIMIT ${MAX_SCANNED}),
  waiting AS MATERIALIZED (
    SELECT m.event_id FROM groups g INDEXED BY groups_open
    CROSS JOIN group_members m ON m.group_id = g.id AND m.event_id <= ?2
    WHERE g.event_id IS NULL AND EXISTS (SELECT 1 FROM scanned WHERE grouped > 0)),
  kept AS (
    SELECT id, version, bytes FROM scanned s
    WHERE rescue_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = s.id)
      AND (grouped = 0 OR id NOT IN (SELECT event_id FROM waiting))
    ORDER BY id LIMIT ${MAX_SEGMENT_EVENTS})
  SELECT id, version, bytes, 0 AS is_end FROM kept
  UNION ALL SELECT MAX(id), COUNT(*), (SELECT COUNT(*) FROM kept), 1 FROM scanned`;

/** Candidates, oldest first, and the id after which others may follow; null if none do. */
export type Candidates = { readonly found: readonly Candidate[]; readonly next: string | null };

/** Returns events after the id `after` and through the id `end` that may move: as many as a segment has. */
export async function readCandidates(db: ShardDatabase, after: string, end: string): Promise<Candidates> {
  const { results } = await db.prepare(CANDIDATES).bind(after, end).all<Row>();
  const scan = results.find((row) => row["is_end"] === 1);
  const found = results
    .filter((row) => row["is_end"] === 0)
    .map((row) => ({ id: text(row, "id"), version: integer(row, "version"), bytes: integer(row, "bytes") }));
  const last = found.at(-1);
  if (found.length === MAX_SEGMENT_EVENTS && last !== undefined) return { found, next: last.id };
  const isWhole = scan === undefined || integer(scan, "version") < MAX_SCANNED;
  return { found, next: isWhole ? null : text(scan, "id") };
}

/** Events for one segment. `is_full`: they need not wait for others. */
export type Batch = { readonly events: readonly Candidate[]; readonly is_full: boolean };

/** Splits candidates into what fits a segment each: by number, bytes and time. */
export function batchesOf(candidates: readonly Candidate[]): Batch[] {
  const batches: Candidate[][] = [];
  let bytes = 0;
  for (const each of candidates) {
    const last = batches.at(-1);
    const [first] = last ?? [];
    bytes += each.bytes;
    const isNew =
      last === undefined ||
      first === undefined ||
      last.length === MAX_SEGMENT_EVENTS ||
      bytes > MAX_SEGMENT_BYTES ||
      timeOf(each.id) - timeOf(first.id) >= MAX_SPAN_MS;
    if (isNew) {
      batches.push([each]);
      bytes = each.bytes;
    } else last.push(each);
  }
  return batches.map((events) => {
    const total = events.reduce((sum, each) => sum + each.bytes, 0);
    return { events, is_full: events.length >= FULL_EVENTS || total >= FULL_BYTES };
  });
}

const READ_ROWS = `
  SELECT ${SEGMENT_COLUMNS.map((column) => `e.${column}`).join(", ")} FROM json_each(?1) u
  CROSS JOIN events e ON e.id = u.value->>0 AND e.version = u.value->>1
  WHERE e.rescue_at IS NULL ORDER BY e.id`;

/** SQL for the events of the list `?1` that are as they were read. */
const UNCHANGED = `json_each(?1) u CROSS JOIN events e ON e.id = u.value->>0 AND e.version = u.value->>1 AND e.rescue_at IS NULL`;

const INSERT_SEGMENT = `
  INSERT INTO segments (id, from_id, to_id, version, object_key, events, bytes, tail_offset, tail_length, sequence, root, previous,
    chained, created_at, counts, alerts, removed, hours)
  SELECT s.value->>'id', s.value->>'from_id', s.value->>'to_id', 1, s.value->>'object_key', s.value->>'events', s.value->>'bytes',
    s.value->>'tail_offset', s.value->>'tail_length', s.value->>'sequence', s.value->>'root', s.value->>'previous',
    s.value->>'chained', s.value->>'created_at', s.value->>'counts', s.value->>'alerts',
    (SELECT json_group_array(u.value->>0) FROM json_each(?1) u
      WHERE NOT EXISTS (
        SELECT 1 FROM events e WHERE e.id = u.value->>0 AND e.version = u.value->>1 AND e.rescue_at IS NULL)),
    (SELECT json_group_object(CAST(hour AS TEXT), json_array(delivered, dead, cancelled, ignored)) FROM (
      SELECT unixepoch(e.received_at) / ${HOUR_MS / 1_000} AS hour, ${OUTCOME_COLUMNS} FROM ${UNCHANGED} GROUP BY 1))
  FROM json_each(json_array(json(?2))) s
  WHERE ${chainEndsWith("s.value->>'previous'")} AND EXISTS (SELECT 1 FROM ${UNCHANGED})
  RETURNING id, removed`;

const ADD_COLD = addCold("(SELECT hours FROM segments WHERE id = ?1)");

const DELETE_MOVED = `
  DELETE FROM events WHERE id IN (SELECT e.id FROM ${UNCHANGED}) AND EXISTS (SELECT 1 FROM segments WHERE id = ?2)`;

/** What a new segment is called, where its chain ends, and when it is written (ms since 1970). */
export type NewSegment = {
  readonly id: string;
  readonly object_key: string;
  readonly chain: Chain;
  readonly now_ms: number;
};

/**
 * Moves events into a new segment. Those that change meanwhile stay. Returns the number of events that moved: 0 if all of them have
 * changed, or if another mover was faster. Throws if D1 or R2 cannot be read or written; then the events are in exactly one place, too.
 */
export async function moveEvents(
  stores: EventStores,
  events: readonly Candidate[],
  { id, object_key, chain, now_ms }: NewSegment,
): Promise<number> {
  const { bodies } = stores;
  const { db } = stores.shard;
  const wanted = JSON.stringify(events.map((each) => [each.id, each.version]));
  const { results: rows } = await db.prepare(READ_ROWS).bind(wanted).all<Row>();
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return 0;
  const salts = randomSalts(rows.length);
  const entries = rows.map((row, place) => ({ kind: "row", salt: salts[place] ?? new Uint8Array(0), row }) as const);
  const { bytes, heads, ...encoded } = await encodeSegment(entries);
  await bodies.put(object_key, bytes);
  const segment = {
    id,
    from_id: text(first, "id"),
    to_id: text(last, "id"),
    object_key,
    events: rows.length,
    bytes: bytes.length,
    ...encoded,
    sequence: chain.sequence + 1,
    previous: chain.head,
    chained: await chainedTo(chain.head, id, encoded.root),
    created_at: new Date(now_ms).toISOString(),
    counts: JSON.stringify(countHeads(heads)),
    alerts: alertsOf(heads),
  };
  const list = JSON.stringify(rows.map((row) => [text(row, "id"), integer(row, "version")]));
  const [inserted, , deleted] = await db.batch<Row>([
    db.prepare(INSERT_SEGMENT).bind(list, JSON.stringify(segment)),
    db.prepare(ADD_COLD).bind(id),
    db.prepare(DELETE_MOVED).bind(list, id),
    db.prepare(APPEND_TO_CHAIN).bind(id),
  ]);
  const row = inserted?.results[0];
  if (row === undefined) {
    await bodies.delete(object_key);
    return 0;
  }
  // An event that changed meanwhile may have been erased, and the object has it as it was.
  const changed = fromColumn<readonly string[]>(row, "removed");
  if (changed.length > 0) await eraseFromSegments(stores, changed);
  return deleted?.meta.changes ?? 0;
}
