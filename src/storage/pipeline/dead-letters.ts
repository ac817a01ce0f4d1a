import type { AcceptedAs } from "../../model/acceptance.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { insertNumbers } from "../maintenance/accepted-numbers.ts";
import { CLEAR_OUTBOX, INSERT_OUTBOX, type OutboxRow } from "./outbox.ts";
import { type Row, integer, text } from "../rows.ts";
import { findRow } from "../tables.ts";

/** A message that could not be processed. */
export type DeadLetter = {
  readonly id: string;
  readonly queue: string;
  /** JSON. */
  readonly message: string;
  readonly received_at: string;
};

const INSERT = `
  INSERT INTO dead_letters (id, queue, message, received_at)
  SELECT value->>'id', value->>'queue', value->>'message', value->>'received_at' FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO NOTHING`;

/**
 * Records messages that could not be processed. Recording one again changes nothing. The events that they carry leave the
 * outbox in the same transaction; otherwise maintenance would send them again without end.
 */
export async function recordDeadLetters(
  db: ShardDatabase,
  letters: readonly DeadLetter[],
  eventIds: readonly string[],
  numbers: readonly AcceptedAs[] = [],
): Promise<void> {
  const clear = eventIds.length === 0 ? [] : [db.prepare(CLEAR_OUTBOX).bind(JSON.stringify(eventIds))];
  const received = letters[0]?.received_at;
  const numbered = received === undefined ? [] : insertNumbers(db, numbers, Date.parse(received));
  await db.batch([db.prepare(INSERT).bind(JSON.stringify(letters)), ...clear, ...numbered]);
}

const OWNED = `
  SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?1)) AND integration_id <> ''
  UNION ALL SELECT id FROM groups WHERE id IN (SELECT value FROM json_each(?1)) AND integration_id <> ''`;

/** Returns those of the ids of events and groups that belong to an integration, which events of the gateway itself do not. */
export async function readOwnedByIntegrations(db: ShardDatabase, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { results } = await db.prepare(OWNED).bind(JSON.stringify(ids)).all<Row>();
  return new Set(results.map((row) => text(row, "id")));
}

/** Deletes an event from the outbox that will not be processed, and keeps the number of its message. */
export async function clearOutbox(
  db: ShardDatabase,
  id: string,
  from: AcceptedAs | undefined,
  nowMs: number,
): Promise<void> {
  const numbers = from === undefined ? [] : [from];
  await db.batch([db.prepare(CLEAR_OUTBOX).bind(JSON.stringify([id])), ...insertNumbers(db, numbers, nowMs)]);
}

function parseLetter(row: Row): DeadLetter {
  return {
    id: text(row, "id"),
    queue: text(row, "queue"),
    message: text(row, "message"),
    received_at: text(row, "received_at"),
  };
}

/** The last dead letter of a page. Dead letters are listed by time, which their ids do not tell. */
export type DeadLetterCursor = Pick<DeadLetter, "received_at" | "id">;

/** The messages of a page have at most this many characters together, but a page has at least one. */
const MAX_PAGE_CHARACTERS = 8_000_000;

const LIST = `
  SELECT * FROM (
    SELECT *, COUNT(*) OVER () AS matching,
      SUM(LENGTH(message)) OVER (ORDER BY received_at DESC, id DESC) - LENGTH(message) AS characters_before
    FROM (SELECT * FROM dead_letters WHERE (received_at, id) < (?1, ?2) ORDER BY received_at DESC, id DESC LIMIT ?3))
  WHERE characters_before < ${MAX_PAGE_CHARACTERS} ORDER BY received_at DESC, id DESC LIMIT ?3 - 1`;

/** Returns dead letters after a cursor (null for the first page), newest first. */
export async function listDeadLetters(
  db: ShardDatabase,
  after: DeadLetterCursor | null,
  limit: number,
): Promise<{ readonly rows: readonly DeadLetter[]; readonly more: boolean }> {
  const { results } = await db
    .prepare(LIST)
    .bind(after?.received_at ?? "~", after?.id ?? "~", limit + 1)
    .all<Row>();
  const [first] = results;
  return { rows: results.map(parseLetter), more: first !== undefined && integer(first, "matching") > results.length };
}

export async function findDeadLetter(db: ShardDatabase, id: string): Promise<DeadLetter | null> {
  const row = await findRow(db, "dead_letters", id);
  return row === null ? null : parseLetter(row);
}

/** Deletes a dead letter. Returns whether it existed. */
export async function deleteDeadLetter(db: ShardDatabase, id: string): Promise<boolean> {
  const { meta } = await db.prepare("DELETE FROM dead_letters WHERE id = ?1").bind(id).run();
  return meta.changes > 0;
}

/** Moves the event that a dead letter carries to the outbox, in one transaction. */
export async function moveToOutbox(db: ShardDatabase, letterId: string, row: OutboxRow): Promise<void> {
  await db.batch([
    db.prepare(INSERT_OUTBOX).bind(JSON.stringify([row])),
    db.prepare("DELETE FROM dead_letters WHERE id = ?1").bind(letterId),
  ]);
}
