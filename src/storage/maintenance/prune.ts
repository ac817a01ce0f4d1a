import type { PrimaryDatabase, ShardDatabase } from "../../platform/shards.ts";
import type { StoredHistory } from "../../model/episode.ts";
import { cursorAtTime } from "../events/log.ts";
import { parseHistory } from "../pipeline/append.ts";
import { type Row, text, textOrNull } from "../rows.ts";
import { COMPACT_HISTORIES } from "../pipeline/commit.ts";
import { DROP_EMPTY, ROLLUP_DELETED, boundsOf, hourOf } from "./rollups.ts";

/** Rows that one chunk removes. */
export const CHUNK = 500;
/** Rows of a table that one look goes through, where what is to go is not in order. */
const WINDOW = 5_000;
const HISTORIES = 1_000;

/** An event that is past its time, and the R2 key under which its body is kept, if it is. */
export type OldEvent = { readonly id: string; readonly stored_at: string | null };

// The content is looked into only where it is as short as a reference.
const OLD_EVENTS = `
  SELECT id, CASE WHEN octet_length(content) < 200 THEN content->>'stored_at' END AS stored_at
  FROM events WHERE id < ?1 AND rescue_at IS NULL ORDER BY id LIMIT ${CHUNK}`;

/** Events from before a time (ms since 1970) that have nothing pending, oldest first. */
export async function readOldEvents(db: ShardDatabase, beforeMs: number): Promise<OldEvent[]> {
  const { results } = await db.prepare(OLD_EVENTS).bind(cursorAtTime(beforeMs).id).all<Row>();
  return results.map((row) => ({ id: text(row, "id"), stored_at: textOrNull(row, "stored_at") }));
}

const DELETE_EVENTS = "DELETE FROM events WHERE id IN (SELECT value->>'id' FROM json_each(?1)) AND rescue_at IS NULL";
const STILL_OLD = "SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?1)) AND rescue_at IS NULL";

/** Deletes events, unless a delivery of theirs has been taken up again; answers how many. */
export async function deleteEvents(db: ShardDatabase, ids: readonly string[]): Promise<number> {
  const { results } = await db.prepare(STILL_OLD).bind(JSON.stringify(ids)).all<Row>();
  const rows = results.map((row) => text(row, "id")).map((id) => ({ id, hour: hourOf(id) }));
  const hours = [...new Set(rows.map(({ hour }) => hour))].map(boundsOf);
  const list = JSON.stringify(rows);
  const [, deleted] = await db.batch<Row>([
    db.prepare(ROLLUP_DELETED).bind(list),
    db.prepare(DELETE_EVENTS).bind(list),
    db.prepare(DROP_EMPTY).bind(JSON.stringify(hours)),
  ]);
  return deleted?.meta.changes ?? 0;
}

const IN_USE = `
  SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?1))
  UNION SELECT id FROM outbox WHERE id IN (SELECT value FROM json_each(?1))`;

/** Which of these events are on record, or wait in the outbox. */
export async function readEventsInUse(db: ShardDatabase, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { results } = await db.prepare(IN_USE).bind(JSON.stringify(ids)).all<Row>();
  return new Set(results.map((row) => text(row, "id")));
}

// What can be found by its key or is few: at most so many at a time, from the oldest on. `?1` is an id or a time.
const SMALL = {
  replays: "SELECT id FROM replays WHERE id < ?1 AND status <> 'running' ORDER BY id",
  dead_letters: "SELECT id FROM dead_letters WHERE received_at < ?1",
  api_idempotency_keys: "SELECT idempotency_key FROM api_idempotency_keys WHERE created_at < ?1",
  oauth_requests: "SELECT state_hash FROM oauth_requests WHERE expires_at < ?1",
  integration_addresses: "SELECT address FROM integration_addresses WHERE expires_at < ?1",
} as const;

const KEY_OF = {
  replays: "id",
  dead_letters: "id",
  api_idempotency_keys: "idempotency_key",
  oauth_requests: "state_hash",
  integration_addresses: "address",
} as const satisfies Record<keyof typeof SMALL, string>;

type PrimaryTable = "api_idempotency_keys" | "oauth_requests" | "integration_addresses";
type ShardTable = Exclude<keyof typeof SMALL, PrimaryTable>;

async function deleteExpiredRows(db: D1Database, table: keyof typeof SMALL, before: string | number): Promise<number> {
  const query = `DELETE FROM ${table} WHERE ${KEY_OF[table]} IN (${SMALL[table]} LIMIT ${CHUNK})`;
  return (await db.prepare(query).bind(before).run()).meta.changes;
}

/** Deletes rows of a shard that expired before `before`, in the form that the table stores. Returns their number. */
export function deleteExpired(db: ShardDatabase, table: ShardTable, before: string | number): Promise<number> {
  return deleteExpiredRows(db, table, before);
}

/** Deletes rows of the primary that expired before `before`, in the form that the table stores. Returns their number. */
export function deleteExpiredOfPrimary(
  db: PrimaryDatabase,
  table: PrimaryTable,
  before: string | number,
): Promise<number> {
  return deleteExpiredRows(db, table, before);
}

type Look = { readonly key: readonly string[]; readonly condition: string };

// Tables where what is to go lies among what stays are gone through round and round. `?1` and `?2` bound the keys.
const LOOKS = {
  alerts: { key: ["id"], condition: "status = 'resolved' AND resolved_at < ?1 AND updated_at < ?1" },
  inbound_idempotency_keys: { key: ["integration_id", "idempotency_key"], condition: "event_id < ?1" },
  groups: { key: ["id"], condition: "event_id IS NOT NULL AND event_id < ?1" },
} as const satisfies Record<string, Look>;

export type LookedThrough = keyof typeof LOOKS;

/** Where a look has come to: the key of the last row, or nothing at the end of the table. */
export type Looked = { readonly position: readonly string[]; readonly deleted: number };

/** Goes through the next rows of a table and deletes those that are past their time; `before` as the table keeps it. */
export async function lookThrough(
  db: ShardDatabase,
  table: LookedThrough,
  before: string,
  position: readonly string[],
): Promise<Looked> {
  const { key, condition } = LOOKS[table];
  const columns = key.join(", ");
  const places = key.map((_, index) => `?${index + 2}`).join(", ");
  const from = key.map((_, index) => position[index] ?? "");
  const { results } = await db
    .prepare(
      `SELECT ${columns}, ${condition} AS is_old FROM ${table} WHERE (${columns}) > (${places})
       ORDER BY ${columns} LIMIT ${WINDOW}`,
    )
    .bind(before, ...from)
    .all<Row>();
  const keyOf = (row: Row): string[] => key.map((column) => text(row, column));
  const old = results.filter((row) => row["is_old"] === 1);
  const gone = old.slice(0, CHUNK);
  if (gone.length > 0) await deleteRows(db, table, gone.map(keyOf), before);
  // Where more are old than go at once, the next look starts after the last that went.
  const last = old.length > gone.length ? gone.at(-1) : results.length < WINDOW ? undefined : results.at(-1);
  return { position: last === undefined ? [] : keyOf(last), deleted: gone.length };
}

async function deleteRows(
  db: ShardDatabase,
  table: LookedThrough,
  keys: readonly (readonly string[])[],
  before: string,
): Promise<void> {
  const { key, condition } = LOOKS[table];
  const list = key.map((_, index) => `value->>${index}`).join(", ");
  const remove = db
    .prepare(`DELETE FROM ${table} WHERE (${key.join(", ")}) IN (SELECT ${list} FROM json_each(?2)) AND ${condition}`)
    .bind(before, JSON.stringify(keys));
  const members = db.prepare("DELETE FROM group_members WHERE group_id IN (SELECT value->>0 FROM json_each(?1))");
  await db.batch(table === "groups" ? [members.bind(JSON.stringify(keys)), remove] : [remove]);
}

const OLD_HISTORIES = `
  SELECT h.* FROM (
    SELECT * FROM alert_histories WHERE (namespace, key) > (?1, ?2) ORDER BY namespace, key LIMIT ${HISTORIES}) h
  WHERE max(coalesce((SELECT MAX(l.key) FROM json_each(h.log) l), ''), coalesce(h.compacted->>'through', '')) < ?3`;
const LAST_HISTORY = `
  SELECT namespace, key FROM alert_histories WHERE (namespace, key) > (?1, ?2)
  ORDER BY namespace, key LIMIT 1 OFFSET ${HISTORIES - 1}`;

/** Histories whose newest event is from before a time (ms since 1970), among the next ones; and where that look has come to. */
export async function readOldHistories(
  db: ShardDatabase,
  beforeMs: number,
  position: readonly string[],
): Promise<{ readonly histories: readonly StoredHistory[]; readonly position: readonly string[] }> {
  const [namespace = "", key = ""] = position;
  const [histories, last] = await db.batch<Row>([
    db.prepare(OLD_HISTORIES).bind(namespace, key, cursorAtTime(beforeMs).id),
    db.prepare(LAST_HISTORY).bind(namespace, key),
  ]);
  const [end] = last?.results ?? [];
  return {
    histories: (histories?.results ?? []).map(parseHistory),
    position: end === undefined ? [] : [text(end, "namespace"), text(end, "key")],
  };
}

const AT_VERSION =
  "(namespace, key, version) IN (SELECT value->>'namespace', value->>'key', value->>'version' FROM json_each(?1))";
// What led to a key that has no history any more leads nowhere.
const DELETE_ALIASES = `
  WITH RECURSIVE gone (key) AS (
    SELECT u.value->>'key' FROM json_each(?1) u
    WHERE u.value->>'namespace' = '*' AND NOT EXISTS (
      SELECT 1 FROM alert_histories h WHERE h.namespace = '*' AND h.key = u.value->>'key')
    UNION SELECT a.alias FROM gone g JOIN alert_aliases a ON a.key = g.key)
  DELETE FROM alert_aliases WHERE key IN (SELECT key FROM gone)`;

/** Deletes histories, and the aliases that lead to them, unless an event has been added since; answers how many. */
export async function deleteHistories(db: ShardDatabase, histories: readonly StoredHistory[]): Promise<number> {
  const keys = JSON.stringify(histories.map(({ namespace, key, version }) => ({ namespace, key, version })));
  const aliases = histories.some(({ namespace }) => namespace === "*") ? [db.prepare(DELETE_ALIASES).bind(keys)] : [];
  const [deleted] = await db.batch([
    db.prepare(`DELETE FROM alert_histories WHERE ${AT_VERSION}`).bind(keys),
    ...aliases,
  ]);
  return deleted?.meta.changes ?? 0;
}

/** Shortens histories, unless an event has been added since. */
export async function compactHistories(db: ShardDatabase, histories: readonly StoredHistory[]): Promise<void> {
  await db.prepare(COMPACT_HISTORIES).bind(JSON.stringify(histories)).run();
}
