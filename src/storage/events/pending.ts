import type { ShardDatabase } from "../../platform/shards.ts";
import type { EventRecord } from "../../model/event.ts";
import { HAS_PENDING, IS_PENDING_FOR } from "./deliveries-column.ts";
import { RECORD_COLUMNS, parseEventRecord } from "./event-row.ts";
import { type Row, integer } from "../rows.ts";

// Events with pending deliveries, by the index of the time at which maintenance rescues them. The key of the table would lead
// through every event there is.

const READ_OVERDUE = `
  SELECT ${RECORD_COLUMNS} FROM events WHERE ${HAS_PENDING} AND rescue_at <= ?1 ORDER BY rescue_at LIMIT ?2`;
const READ_PENDING = `
  SELECT ${RECORD_COLUMNS}, rescue_at FROM events INDEXED BY events_to_rescue
  WHERE ${HAS_PENDING} AND (rescue_at, id) > (?1, ?2) ORDER BY rescue_at, id LIMIT ?3`;
const READ_PENDING_FOR = `
  SELECT ${RECORD_COLUMNS} FROM events INDEXED BY events_to_rescue
  WHERE ${HAS_PENDING} AND ${IS_PENDING_FOR}
  ORDER BY rescue_at LIMIT ?2`;

/** Returns events to rescue by `nowMs` (ms since 1970), the longest overdue first. */
export async function readOverdue(db: ShardDatabase, nowMs: number, limit: number): Promise<EventRecord[]> {
  const { results } = await db.prepare(READ_OVERDUE).bind(nowMs, limit).all<Row>();
  return results.map(parseEventRecord);
}

/** A position among the events to rescue. `rescue_at` is in ms since 1970. */
export type RescueCursor = { readonly rescue_at: number; readonly id: string };

/** Returns events with a pending delivery after a position, in order of `rescue_at`. */
export async function readPending(
  db: ShardDatabase,
  after: RescueCursor,
  limit: number,
): Promise<{ readonly event: EventRecord; readonly rescue_at: number }[]> {
  const { results } = await db.prepare(READ_PENDING).bind(after.rescue_at, after.id, limit).all<Row>();
  return results.map((row) => ({ event: parseEventRecord(row), rescue_at: integer(row, "rescue_at") }));
}

/** Returns events with a delivery pending for a destination (and for a reason, if one is given), the next due first. */
export async function readPendingFor(
  db: ShardDatabase,
  destinationId: string,
  limit: number,
  reason: string | null = null,
): Promise<EventRecord[]> {
  const { results } = await db.prepare(READ_PENDING_FOR).bind(destinationId, limit, reason).all<Row>();
  return results.map(parseEventRecord);
}
