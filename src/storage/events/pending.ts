import type { ShardDatabase } from "../../platform/shards.ts";
import type { EventRecord } from "../../model/event.ts";
import { DELIVERIES_BYTES, HAS_PENDING, IS_PENDING_FOR } from "./deliveries-column.ts";
import { RECORD_COLUMNS, parseEventRecord, readRecords } from "./event-row.ts";
import { MAX_WORK_BYTES, fitting } from "../pages.ts";
import { type Row, integer, text } from "../rows.ts";

// Events with pending deliveries, by the index of the time at which maintenance rescues them. The key of the table would lead
// through every event there is.

const OVERDUE = `
  SELECT id, ${DELIVERIES_BYTES} AS bytes FROM events
  WHERE ${HAS_PENDING} AND rescue_at <= ?1 ORDER BY rescue_at LIMIT ?2`;
const PENDING = `
  SELECT id, rescue_at, ${DELIVERIES_BYTES} AS bytes FROM events INDEXED BY events_to_rescue
  WHERE ${HAS_PENDING} AND (rescue_at, id) > (?1, ?2) AND rescue_at <= ?3 ORDER BY rescue_at, id LIMIT ?4`;
const PENDING_FOR = `
  SELECT ${RECORD_COLUMNS} FROM events
  WHERE id IN (SELECT value FROM json_each(?2)) AND ${HAS_PENDING} AND ${IS_PENDING_FOR}`;

/** Returns events to rescue by `nowMs` (ms since 1970), the longest overdue: as many as fit into memory, at most `limit`. */
export async function readOverdue(db: ShardDatabase, nowMs: number, limit: number): Promise<EventRecord[]> {
  const { results } = await db.prepare(OVERDUE).bind(nowMs, limit).all<Row>();
  return await readRecords(db, idsOf(fitting(results, MAX_WORK_BYTES)));
}

/** A position among the events to rescue. `rescue_at` is in ms since 1970. */
export type RescueCursor = { readonly rescue_at: number; readonly id: string };

export const RESCUE_START: RescueCursor = { rescue_at: 0, id: "" };

/** Events with a pending delivery, and the position after all that were looked at; null at the end. */
export type PendingPage = { readonly events: readonly EventRecord[]; readonly next: RescueCursor | null };

/** The part of the index that is read: after a position, and up to a time (ms since 1970). */
export type PendingRange = { readonly after: RescueCursor; readonly until: number };

type PendingIds = { readonly ids: readonly string[]; readonly next: RescueCursor | null };

async function readIds(db: ShardDatabase, { after, until }: PendingRange, limit: number): Promise<PendingIds> {
  const { results } = await db.prepare(PENDING).bind(after.rescue_at, after.id, until, limit).all<Row>();
  const shown = fitting(results, MAX_WORK_BYTES);
  const last = shown.at(-1);
  const isEnd = last === undefined || (shown.length === results.length && results.length < limit);
  return { ids: idsOf(shown), next: isEnd ? null : { rescue_at: integer(last, "rescue_at"), id: text(last, "id") } };
}

function idsOf(rows: readonly Row[]): string[] {
  return rows.map((row) => text(row, "id"));
}

/** Returns events with a pending delivery: as many of the next `limit` as fit into memory. */
export async function readPending(db: ShardDatabase, range: PendingRange, limit: number): Promise<PendingPage> {
  const { ids, next } = await readIds(db, range, limit);
  return { events: await readRecords(db, ids), next };
}

/** The number of events that one page looks at, most of which may be pending for other destinations. */
const MAX_SCANNED_EVENTS = 1_000;

/**
 * Looks at the next events with a pending delivery. Returns those with one for a destination (and for a reason, if one is
 * given).
 */
export async function readPendingFor(
  db: ShardDatabase,
  destinationId: string,
  reason: string | null,
  range: PendingRange,
): Promise<PendingPage> {
  const { ids, next } = await readIds(db, range, MAX_SCANNED_EVENTS);
  if (ids.length === 0) return { events: [], next };
  const { results } = await db.prepare(PENDING_FOR).bind(destinationId, JSON.stringify(ids), reason).all<Row>();
  return { events: results.map(parseEventRecord), next };
}
