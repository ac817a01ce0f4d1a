import type { ShardDatabase } from "../../platform/shards.ts";
import {
  type EventAggregate,
  type EventContent,
  type EventHead,
  type EventRecord,
  MESSAGE_TYPES,
  OUTCOMES,
} from "../../model/event.ts";
import { type Fitting, readFitting } from "../pages.ts";
import { parseDeliveries } from "./deliveries-column.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, oneOf, text, textOrNull } from "../rows.ts";

/** The columns that `parseEventHead` and `parseEventRecord` read. */
export const HEAD_COLUMNS = "id, integration_id, type, outcome, alert_id, received_at, version";
export const RECORD_COLUMNS = `${HEAD_COLUMNS}, deliveries`;

export function parseEventHead(row: Row): EventHead {
  return {
    id: text(row, "id"),
    integration_id: text(row, "integration_id"),
    type: row["type"] === null ? null : oneOf(row, "type", MESSAGE_TYPES),
    outcome: oneOf(row, "outcome", OUTCOMES),
    alert_id: textOrNull(row, "alert_id"),
    received_at: text(row, "received_at"),
    version: integer(row, "version"),
  };
}

export function parseEventRecord(row: Row): EventRecord {
  return { ...parseEventHead(row), deliveries: parseDeliveries(row) };
}

/** What `events.content` holds: the content, or the R2 key of the whole message and the length of its body. */
export type ContentColumn = EventContent | { readonly stored_at: string; readonly characters?: number };

/** The content of an erased event: a key under which nothing is stored. */
export const ERASED_CONTENT = { stored_at: "erased" } as const satisfies ContentColumn;

/** An event with all that an attempt needs. */
export type StoredAggregate = Omit<EventAggregate, "content"> & { readonly content: ContentColumn };

/** The columns that `parseAggregate` reads. */
export const AGGREGATE_COLUMNS = `${RECORD_COLUMNS}, alert, content`;

export function parseAggregate(row: Row): StoredAggregate {
  return { ...parseEventRecord(row), alert: fromColumnOrNull(row, "alert"), content: fromColumn(row, "content") };
}

/** Returns as many of these events as fit into memory, with content, and at least one. */
export async function readAggregates(db: ShardDatabase, ids: readonly string[]): Promise<Fitting<StoredAggregate>> {
  const columns = { table: "events", short: HEAD_COLUMNS, long: ["deliveries", "alert", "content"] } as const;
  const { rows, left } = await readFitting(db, columns, ids);
  return { rows: rows.map(parseAggregate), left };
}

/** Returns as many of these events as fit into memory, without content, and at least one. */
export async function readRecords(db: ShardDatabase, ids: readonly string[]): Promise<EventRecord[]> {
  const { rows } = await readFitting(db, { table: "events", short: HEAD_COLUMNS, long: ["deliveries"] }, ids);
  return rows.map(parseEventRecord);
}
