import type { ShardDatabase } from "../../platform/shards.ts";
import { jsonChunks } from "../chunks.ts";
import { type Row, integer, text } from "../rows.ts";

/** An accepted event that is possibly in no queue. */
export type OutboxRow = {
  /** The event's id. */
  readonly id: string;
  /** JSON: the message for the EVENTS queue. */
  readonly message: string;
  /** The time from which maintenance may send it, in ms since 1970. */
  readonly send_at: number;
};

/** The statement that inserts events into the outbox. Takes a JSON list of rows. */
export const INSERT_OUTBOX = `
  INSERT INTO outbox (id, message, sends, send_at)
  SELECT value->>'id', value->>'message', 0, value->>'send_at' FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO NOTHING`;

/** Inserts accepted events, all or none. Inserting one again changes nothing. */
export async function insertOutbox(db: ShardDatabase, rows: readonly OutboxRow[]): Promise<void> {
  await db.batch(jsonChunks(rows).map((chunk) => db.prepare(INSERT_OUTBOX).bind(chunk)));
}

/** An outbox row that is due. `sends` is how often maintenance has sent it. */
export type DueRow = { readonly id: string; readonly message: string; readonly sends: number };

const READ_DUE = `SELECT id, message, sends FROM outbox WHERE send_at <= ?1 AND id > ?2 ORDER BY id LIMIT ?3`;
const POSTPONE = `
  UPDATE outbox SET sends = outbox.sends + 1, send_at = u.value->>'send_at'
  FROM json_each(?1) u WHERE outbox.id = u.value->>'id'`;

/** Returns rows that are due at `nowMs`, oldest first, with ids above `after` ("" for the first page). */
export async function readDueOutbox(db: ShardDatabase, nowMs: number, after: string, limit: number): Promise<DueRow[]> {
  const { results } = await db.prepare(READ_DUE).bind(nowMs, after, limit).all<Row>();
  return results.map((row) => ({ id: text(row, "id"), message: text(row, "message"), sends: integer(row, "sends") }));
}

/** Counts a send of each row and sets its next time. The consumer deletes the row in the transaction that commits the event. */
export async function postponeOutbox(
  db: ShardDatabase,
  rows: readonly { readonly id: string; readonly send_at: number }[],
): Promise<void> {
  await db.prepare(POSTPONE).bind(JSON.stringify(rows)).run();
}

/** The statement that deletes events from the outbox. Takes a JSON list of their ids. */
export const CLEAR_OUTBOX = `DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?1))`;
