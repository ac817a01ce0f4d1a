import type { ShardDatabase } from "../../platform/shards.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import { type Delivery, RETRIED_BY_HAND } from "../../model/delivery.ts";
import {
  type EventAggregate,
  type EventContent,
  type EventRecord,
  MESSAGE_TYPES,
  OUTCOMES,
} from "../../model/event.ts";
import type { Membership } from "../../model/route.ts";
import { jsonChunks } from "../chunks.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, oneOf, text, textOrNull } from "../rows.ts";
import { RECOUNT, hourOf, rollupChanged } from "../maintenance/rollups.ts";

/** The columns that `parseEventRecord` reads. */
export const RECORD_COLUMNS = "id, integration_id, type, outcome, alert_id, received_at, version, deliveries";

export function parseEventRecord(row: Row): EventRecord {
  return {
    id: text(row, "id"),
    integration_id: text(row, "integration_id"),
    type: row["type"] === null ? null : oneOf(row, "type", MESSAGE_TYPES),
    outcome: oneOf(row, "outcome", OUTCOMES),
    alert_id: textOrNull(row, "alert_id"),
    received_at: text(row, "received_at"),
    version: integer(row, "version"),
    deliveries: fromColumn(row, "deliveries"),
  };
}

/** What `events.content` holds: the content, or the R2 key under which the whole message is kept. */
export type ContentColumn = EventContent | { readonly stored_at: string };

/** An event as it is first written. */
export type NewEvent = {
  readonly record: EventRecord;
  readonly alert: AlertSnapshot | null;
  readonly content: ContentColumn;
  /** The groups that it joins. */
  readonly memberships?: readonly Membership[];
  /** How many events it stands for, where that is not one, and the group that they were. */
  readonly weight?: number;
  readonly group_id?: string | undefined;
};

const encoder = new TextEncoder();

/** A pending delivery is looked at by the sweep when its attempt is this late, in ms. */
const RESCUE_AFTER_MS = 60_000;

/** When the sweep is to look at an event: when its earliest pending attempt is overdue. */
export function rescueAt(deliveries: readonly Delivery[]): number | null {
  const due = deliveries.flatMap((each) => (each.next_attempt_at === null ? [] : [Date.parse(each.next_attempt_at)]));
  return due.length === 0 ? null : Math.min(...due) + RESCUE_AFTER_MS;
}

/** A row of D1 holds 2 MB, of which an alert and its event may take more than half. */
const MAX_DELIVERIES_BYTES = 600_000;

function withoutAnswers(delivery: Delivery, keepLast: boolean): Delivery {
  const last = keepLast ? delivery.attempts.length : -1;
  const attempts = delivery.attempts.map((each) => (each.number === last ? each : { ...each, response_body: null }));
  return { ...delivery, attempts };
}

/** The deliveries as a row can hold them: where there are very many, attempts lose the answers that they show. */
export function boundDeliveries(deliveries: readonly Delivery[]): readonly Delivery[] {
  const fits = (list: readonly Delivery[]): boolean =>
    encoder.encode(JSON.stringify(list)).byteLength <= MAX_DELIVERIES_BYTES;
  // An attempt takes at most some 10 KB; a few cannot be too many.
  const attempts = deliveries.reduce((sum, each) => sum + each.attempts.length, 0);
  if (attempts < 50 || fits(deliveries)) return deliveries;
  const shorter = deliveries.map((each) => withoutAnswers(each, true));
  return fits(shorter) ? shorter : deliveries.map((each) => withoutAnswers(each, false));
}

const AGGREGATES = `SELECT ${RECORD_COLUMNS}, alert, content FROM events WHERE id IN (SELECT value FROM json_each(?1))`;
const RECORDS = `SELECT ${RECORD_COLUMNS} FROM events WHERE id IN (SELECT value FROM json_each(?1))`;

export type StoredAggregate = Omit<EventAggregate, "content"> & { readonly content: ContentColumn };

function parseAggregate(row: Row): StoredAggregate {
  return { ...parseEventRecord(row), alert: fromColumnOrNull(row, "alert"), content: fromColumn(row, "content") };
}

/** Events with all that an attempt needs; those that are not on record are left out. */
export async function readAggregates(db: ShardDatabase, ids: readonly string[]): Promise<StoredAggregate[]> {
  const { results } = await db.prepare(AGGREGATES).bind(JSON.stringify(ids)).all<Row>();
  return results.map(parseAggregate);
}

/** Events without their content; those that are not on record are left out. */
export async function readRecords(db: ShardDatabase, ids: readonly string[]): Promise<EventRecord[]> {
  const { results } = await db.prepare(RECORDS).bind(JSON.stringify(ids)).all<Row>();
  return results.map(parseEventRecord);
}

/** A change of deliveries, made by one who read the event at `version`. */
export type DeliveriesChange = {
  readonly id: string;
  readonly version: number;
  readonly deliveries: readonly Delivery[];
};

const CHANGE_DELIVERIES = `
  UPDATE events SET version = events.version + 1, deliveries = u.value->>'deliveries', rescue_at = u.value->>'rescue_at'
  FROM json_each(?1) u WHERE events.id = u.value->>'id' AND events.version = u.value->>'version'
  RETURNING events.id AS id`;

const ROLLUP_REPLAYED = rollupChanged("e.grouped");

function isByHand({ status, reason, replay_of }: Delivery): boolean {
  return status === "pending" && (replay_of !== null || reason === RETRIED_BY_HAND);
}

/** Writes changed deliveries; answers the ids of the events that had not changed meanwhile, the only ones written. */
export async function changeDeliveries(db: ShardDatabase, changes: readonly DeliveriesChange[]): Promise<Set<string>> {
  const rows = changes.map((change) => ({
    ...change,
    deliveries: boundDeliveries(change.deliveries),
    rescue_at: rescueAt(change.deliveries),
    hour: hourOf(change.id),
  }));
  const written = new Set<string>();
  const statements = jsonChunks(rows).map((chunk) => db.prepare(CHANGE_DELIVERIES).bind(chunk));
  // Only what is asked for by hand adds to what is owed, or opens again what was finished.
  const byHand = rows.filter(({ deliveries }) => deliveries.some(isByHand));
  for (const chunk of jsonChunks(byHand)) {
    statements.unshift(db.prepare(ROLLUP_REPLAYED).bind(chunk), db.prepare(RECOUNT).bind(chunk));
  }
  for (const result of await db.batch<Row>(statements)) {
    for (const row of result.results) written.add(text(row, "id"));
  }
  return written;
}

const READ_OVERDUE = `
  SELECT ${RECORD_COLUMNS} FROM events WHERE rescue_at IS NOT NULL AND rescue_at <= ?1 ORDER BY rescue_at LIMIT ?2`;
const READ_PENDING = `
  SELECT ${RECORD_COLUMNS}, rescue_at FROM events INDEXED BY events_to_rescue
  WHERE rescue_at IS NOT NULL AND (rescue_at, id) > (?1, ?2) ORDER BY rescue_at, id LIMIT ?3`;
// By the index of what is pending: in the order of the table this would go through every event there is.
const READ_PENDING_FOR = `
  SELECT ${RECORD_COLUMNS} FROM events INDEXED BY events_to_rescue
  WHERE rescue_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM json_each(deliveries)
    WHERE value->>'$.destination_id' = ?1 AND value->>'$.status' = 'pending'
      AND (?3 IS NULL OR value->>'$.reason' = ?3))
  ORDER BY rescue_at LIMIT ?2`;
const POSTPONE = `
  UPDATE events SET rescue_at = u.value->>'rescue_at' FROM json_each(?1) u
  WHERE events.id = u.value->>'id' AND events.rescue_at IS NOT NULL`;

/** Events that the sweep is to look at by a time (ms since 1970), the longest overdue first. */
export async function readOverdue(db: ShardDatabase, nowMs: number, limit: number): Promise<EventRecord[]> {
  const { results } = await db.prepare(READ_OVERDUE).bind(nowMs, limit).all<Row>();
  return results.map(parseEventRecord);
}

/** A place among the events that the sweep is to look at. */
export type RescueCursor = { readonly rescue_at: number; readonly id: string };

/** Events that the sweep is to look at later than a place, in that order. */
export async function readPending(
  db: ShardDatabase,
  after: RescueCursor,
  limit: number,
): Promise<{ readonly event: EventRecord; readonly rescue_at: number }[]> {
  const { results } = await db.prepare(READ_PENDING).bind(after.rescue_at, after.id, limit).all<Row>();
  return results.map((row) => ({ event: parseEventRecord(row), rescue_at: integer(row, "rescue_at") }));
}

/** Events with a delivery that is still pending for a destination (and waits for a reason), the next due first. */
export async function readPendingFor(
  db: ShardDatabase,
  destinationId: string,
  limit: number,
  reason: string | null = null,
): Promise<EventRecord[]> {
  const { results } = await db.prepare(READ_PENDING_FOR).bind(destinationId, limit, reason).all<Row>();
  return results.map(parseEventRecord);
}

/** Has the sweep look at events again at other times (ms since 1970). */
export async function postponeRescue(
  db: ShardDatabase,
  rows: readonly { readonly id: string; readonly rescue_at: number }[],
): Promise<void> {
  await db.prepare(POSTPONE).bind(JSON.stringify(rows)).run();
}
