import type { PrimaryDatabase, ShardDatabase } from "../../platform/shards.ts";
import type { StoredHistory } from "../../model/episode.ts";
import { alertIdOf, lowestIdAt } from "../../model/ids.ts";
import { cursorAtTime } from "../events/log.ts";
import { hasNoRow, idInPack, packOf, unpack } from "../alerts/lone-alerts.ts";
import { parseHistory } from "../pipeline/append.ts";
import { type Row, text, textOrNull } from "../rows.ts";
import { COMPACT_HISTORIES } from "../pipeline/commit.ts";
import { DELETE_EMPTY_HOURS, ROLLUP_DELETED, boundsOf, hourOf } from "./rollups.ts";

/** The number of rows that one statement deletes. */
export const MAX_DELETED_ROWS = 500;
/** The number of rows that one run scans of a table in which expired and live rows are mixed. */
const MAX_SCANNED_ROWS = 5_000;
/** The number of histories that one query reads. Each can have some 25 KB. */
const MAX_SCANNED_HISTORIES = 200;

/** An expired event, and the R2 key of its body, or null if the body is in the row. */
export type ExpiredEvent = { readonly id: string; readonly stored_at: string | null };

// Only a short content can be a reference, so longer ones are not parsed.
const EXPIRED_EVENTS = `
  SELECT id, CASE WHEN octet_length(content) < 200 THEN content->>'stored_at' END AS stored_at
  FROM events WHERE id < ?1 AND rescue_at IS NULL ORDER BY id LIMIT ${MAX_DELETED_ROWS}`;

/** Returns events received before `beforeMs` (ms since 1970) with nothing pending, oldest first. */
export async function readExpiredEvents(db: ShardDatabase, beforeMs: number): Promise<ExpiredEvent[]> {
  const { results } = await db.prepare(EXPIRED_EVENTS).bind(cursorAtTime(beforeMs).id).all<Row>();
  return results.map((row) => ({ id: text(row, "id"), stored_at: textOrNull(row, "stored_at") }));
}

const DELETE_EVENTS = "DELETE FROM events WHERE id IN (SELECT value->>'id' FROM json_each(?1)) AND rescue_at IS NULL";
const STILL_EXPIRED = "SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?1)) AND rescue_at IS NULL";

/** Deletes those of the events that still have nothing pending. Returns their number. */
export async function deleteEvents(db: ShardDatabase, ids: readonly string[]): Promise<number> {
  const { results } = await db.prepare(STILL_EXPIRED).bind(JSON.stringify(ids)).all<Row>();
  const rows = results.map((row) => text(row, "id")).map((id) => ({ id, hour: hourOf(id) }));
  const hours = [...new Set(rows.map(({ hour }) => hour))].map(boundsOf);
  const list = JSON.stringify(rows);
  const [, deleted] = await db.batch<Row>([
    db.prepare(ROLLUP_DELETED).bind(list),
    db.prepare(DELETE_EVENTS).bind(list),
    db.prepare(DELETE_EMPTY_HOURS).bind(JSON.stringify(hours)),
  ]);
  return deleted?.meta.changes ?? 0;
}

const IN_USE = `
  SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?1))
  UNION SELECT id FROM outbox WHERE id IN (SELECT value FROM json_each(?1))`;

/** Returns those of the events that are recorded or in the outbox. */
export async function readEventsInUse(db: ShardDatabase, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { results } = await db.prepare(IN_USE).bind(JSON.stringify(ids)).all<Row>();
  return new Set(results.map((row) => text(row, "id")));
}

// Tables in which a key leads to the expired rows, or that are small. `?1` is an id or a time.
const EXPIRED_ROWS = {
  replays: "SELECT id FROM replays WHERE id < ?1 AND status <> 'running' ORDER BY id",
  dead_letters: "SELECT id FROM dead_letters WHERE received_at < ?1",
  api_idempotency_keys: "SELECT idempotency_key FROM api_idempotency_keys WHERE created_at < ?1",
  oauth_requests: "SELECT state_hash FROM oauth_requests WHERE expires_at < ?1",
  integration_addresses: "SELECT address FROM integration_addresses WHERE expires_at < ?1",
  audit: "SELECT id FROM audit WHERE id < ?1 ORDER BY id",
} as const;

const KEY_OF = {
  replays: "id",
  dead_letters: "id",
  api_idempotency_keys: "idempotency_key",
  oauth_requests: "state_hash",
  integration_addresses: "address",
  audit: "id",
} as const satisfies Record<keyof typeof EXPIRED_ROWS, string>;

type PrimaryTable = "api_idempotency_keys" | "oauth_requests" | "integration_addresses" | "audit";
type ShardTable = Exclude<keyof typeof EXPIRED_ROWS, PrimaryTable>;

async function deleteExpiredRows(
  db: D1Database,
  table: keyof typeof EXPIRED_ROWS,
  before: string | number,
): Promise<number> {
  const query = `DELETE FROM ${table} WHERE ${KEY_OF[table]} IN (${EXPIRED_ROWS[table]} LIMIT ${MAX_DELETED_ROWS})`;
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

type Scan = { readonly key: readonly string[]; readonly condition: string };

// Expired and live rows are mixed in these tables, so each run scans the next window from a stored cursor.
const SCANS = {
  alerts: { key: ["id"], condition: "status = 'resolved' AND resolved_at < ?1 AND updated_at < ?1" },
  inbound_idempotency_keys: { key: ["integration_id", "idempotency_key"], condition: "event_id < ?1" },
  groups: { key: ["id"], condition: "event_id IS NOT NULL AND event_id < ?1" },
} as const satisfies Record<string, Scan>;

type ScannedTable = keyof typeof SCANS;

/** What a scan did. `cursor` is the key of the last row that it read, or empty at the end of the table. */
export type ScanResult = { readonly cursor: readonly string[]; readonly deleted: number };

/** Scans the next rows of a table and deletes those that expired before `before`, in the form that the table stores. */
export async function scanExpired(
  db: ShardDatabase,
  table: ScannedTable,
  before: string,
  cursor: readonly string[],
): Promise<ScanResult> {
  const { key, condition } = SCANS[table];
  const columns = key.join(", ");
  const parameters = key.map((_, index) => `?${index + 2}`).join(", ");
  const after = key.map((_, index) => cursor[index] ?? "");
  const { results } = await db
    .prepare(
      `SELECT ${columns}, ${condition} AS is_expired FROM ${table} WHERE (${columns}) > (${parameters})
       ORDER BY ${columns} LIMIT ${MAX_SCANNED_ROWS}`,
    )
    .bind(before, ...after)
    .all<Row>();
  const keyOf = (row: Row): string[] => key.map((column) => text(row, column));
  const expired = results.filter((row) => row["is_expired"] === 1);
  const gone = expired.slice(0, MAX_DELETED_ROWS);
  if (gone.length > 0) await deleteRows(db, table, gone.map(keyOf), before);
  // If more rows have expired than one statement deletes, the next scan starts after the last deleted one.
  const last =
    expired.length > gone.length ? gone.at(-1) : results.length < MAX_SCANNED_ROWS ? undefined : results.at(-1);
  return { cursor: last === undefined ? [] : keyOf(last), deleted: gone.length };
}

/**
 * Deletes captured values of alerts that are gone, also of those that an earlier event replaced. Older alerts are still open. Each pack is
 * read once, because finding the pack of an alert compares whole packs.
 */
const DELETE_CAPTURED = `
  WITH old AS MATERIALIZED (
    SELECT DISTINCT c.alert_id FROM captured_values c WHERE c.alert_id < ?1 AND ${hasNoRow("c.alert_id")})
  DELETE FROM captured_values WHERE alert_id IN (
    SELECT alert_id FROM old
    EXCEPT SELECT ${idInPack("m")} FROM lone_alerts p CROSS JOIN json_each(p.alerts) m
      WHERE p.first_id <= (SELECT MAX(alert_id) FROM old)
        AND p.first_id >= COALESCE(${packOf("(SELECT MIN(alert_id) FROM old)")}, '')
    ORDER BY 1 LIMIT ${2 * MAX_DELETED_ROWS})`;

async function deleteRows(
  db: ShardDatabase,
  table: ScannedTable,
  keys: readonly (readonly string[])[],
  before: string,
): Promise<void> {
  const { key, condition } = SCANS[table];
  const list = key.map((_, index) => `value->>${index}`).join(", ");
  const remove = db
    .prepare(`DELETE FROM ${table} WHERE (${key.join(", ")}) IN (SELECT ${list} FROM json_each(?2)) AND ${condition}`)
    .bind(before, JSON.stringify(keys));
  const members = db.prepare("DELETE FROM group_members WHERE group_id IN (SELECT value->>0 FROM json_each(?1))");
  switch (table) {
    case "groups":
      await db.batch([members.bind(JSON.stringify(keys)), remove]);
      break;
    case "alerts":
      await db.batch([
        db.prepare(UNPACK).bind(JSON.stringify(keys)),
        db.prepare(DELETE_EMPTY_PACKS).bind(JSON.stringify(keys)),
        remove,
        db.prepare(DELETE_CAPTURED).bind(alertIdOf(lowestIdAt("evt", Date.parse(before)))),
      ]);
      break;
    case "inbound_idempotency_keys":
      await remove.run();
  }
}

/** Removes alerts that expire from their packs, where they would come to light again without their rows. */
const UNPACK = unpack("SELECT value->>0 FROM json_each(?1)");
/** Deletes the packs in the range of these alerts that have none any more, also those that corrections have emptied. */
const DELETE_EMPTY_PACKS = `
  DELETE FROM lone_alerts WHERE OCTET_LENGTH(alerts) = ${"[]".length}
    AND first_id <= (SELECT MAX(value->>0) FROM json_each(?1))
    AND first_id >= COALESCE(${packOf("(SELECT MIN(value->>0) FROM json_each(?1))")}, '')`;

const EXPIRED_HISTORIES = `
  SELECT h.* FROM (
    SELECT * FROM alert_histories WHERE (namespace, key) > (?1, ?2) ORDER BY namespace, key LIMIT ${MAX_SCANNED_HISTORIES}) h
  WHERE max(coalesce((SELECT MAX(l.key) FROM json_each(h.log) l), ''), coalesce(h.compacted->>'through', '')) < ?3`;
const LAST_HISTORY = `
  SELECT namespace, key FROM alert_histories WHERE (namespace, key) > (?1, ?2)
  ORDER BY namespace, key LIMIT 1 OFFSET ${MAX_SCANNED_HISTORIES - 1}`;

/** Scans the next histories. Returns those whose newest event was received before `beforeMs` (ms since 1970), and the next cursor. */
export async function readExpiredHistories(
  db: ShardDatabase,
  beforeMs: number,
  cursor: readonly string[],
): Promise<{ readonly histories: readonly StoredHistory[]; readonly cursor: readonly string[] }> {
  const [namespace = "", key = ""] = cursor;
  const [histories, last] = await db.batch<Row>([
    db.prepare(EXPIRED_HISTORIES).bind(namespace, key, cursorAtTime(beforeMs).id),
    db.prepare(LAST_HISTORY).bind(namespace, key),
  ]);
  const [end] = last?.results ?? [];
  return {
    histories: (histories?.results ?? []).map(parseHistory),
    cursor: end === undefined ? [] : [text(end, "namespace"), text(end, "key")],
  };
}

const AT_VERSION =
  "(namespace, key, version) IN (SELECT value->>'namespace', value->>'key', value->>'version' FROM json_each(?1))";
// An alias of a key without a history leads nowhere.
const DELETE_ALIASES = `
  WITH RECURSIVE gone (key) AS (
    SELECT u.value->>'key' FROM json_each(?1) u
    WHERE u.value->>'namespace' = '*' AND NOT EXISTS (
      SELECT 1 FROM alert_histories h WHERE h.namespace = '*' AND h.key = u.value->>'key')
    UNION SELECT a.alias FROM gone g JOIN alert_aliases a ON a.key = g.key)
  DELETE FROM alert_aliases WHERE key IN (SELECT key FROM gone)`;

/** Deletes those of the histories that have not changed since they were read, and their aliases. Returns their number. */
export async function deleteHistories(db: ShardDatabase, histories: readonly StoredHistory[]): Promise<number> {
  const keys = JSON.stringify(histories.map(({ namespace, key, version }) => ({ namespace, key, version })));
  const aliases = histories.some(({ namespace }) => namespace === "*") ? [db.prepare(DELETE_ALIASES).bind(keys)] : [];
  const [deleted] = await db.batch([
    db.prepare(`DELETE FROM alert_histories WHERE ${AT_VERSION}`).bind(keys),
    ...aliases,
  ]);
  return deleted?.meta.changes ?? 0;
}

/** Compacts those of the histories that have not changed since they were read. */
export async function compactHistories(db: ShardDatabase, histories: readonly StoredHistory[]): Promise<void> {
  await db.prepare(COMPACT_HISTORIES).bind(JSON.stringify(histories)).run();
}
