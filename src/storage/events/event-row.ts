import type { ShardDatabase } from "../../platform/shards.ts";
import {
  type EventAggregate,
  type EventContent,
  type EventRecord,
  MESSAGE_TYPES,
  OUTCOMES,
} from "../../model/event.ts";
import { parseDeliveries } from "./deliveries-column.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, oneOf, text, textOrNull } from "../rows.ts";

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
    deliveries: parseDeliveries(row),
  };
}

/** What `events.content` holds: the content, or the R2 key of the whole message. */
export type ContentColumn = EventContent | { readonly stored_at: string };

/** The content of an erased event: a key under which nothing is stored. */
export const ERASED_CONTENT = { stored_at: "erased" } as const satisfies ContentColumn;

/** An event with all that an attempt needs. */
export type StoredAggregate = Omit<EventAggregate, "content"> & { readonly content: ContentColumn };

/** The columns that `parseAggregate` reads. */
export const AGGREGATE_COLUMNS = `${RECORD_COLUMNS}, alert, content`;

export function parseAggregate(row: Row): StoredAggregate {
  return { ...parseEventRecord(row), alert: fromColumnOrNull(row, "alert"), content: fromColumn(row, "content") };
}

const AGGREGATES = `SELECT ${AGGREGATE_COLUMNS} FROM events WHERE id IN (SELECT value FROM json_each(?1))`;
const RECORDS = `SELECT ${RECORD_COLUMNS} FROM events WHERE id IN (SELECT value FROM json_each(?1))`;

/** Returns the recorded ones of these events, with content. */
export async function readAggregates(db: ShardDatabase, ids: readonly string[]): Promise<StoredAggregate[]> {
  const { results } = await db.prepare(AGGREGATES).bind(JSON.stringify(ids)).all<Row>();
  return results.map(parseAggregate);
}

/** Returns the recorded ones of these events, without content. */
export async function readRecords(db: ShardDatabase, ids: readonly string[]): Promise<EventRecord[]> {
  const { results } = await db.prepare(RECORDS).bind(JSON.stringify(ids)).all<Row>();
  return results.map(parseEventRecord);
}
