import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { HistoryKey, StoredHistory } from "../../model/episode.ts";
import type { Urgency } from "../../model/alert.ts";
import type { Action, EventHead } from "../../model/event.ts";
import { HEAD_COLUMNS, parseEventHead } from "../events/event-row.ts";
import { jsonChunks } from "../chunks.ts";
import type { OutboxRow } from "./outbox.ts";
import { findCold } from "../segments/thaw.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, text } from "../rows.ts";

/** An accepted event, as far as `appendEvents` needs it. */
export type EventToAppend = {
  readonly id: string;
  readonly integration_id: string;
  /** The keys that the event shares with its repeats. */
  readonly idempotency_keys: readonly string[];
  /** The one among them that a signature covers, or null. */
  readonly signed_key: string | null;
  /**
   * The history that the event belongs to, or null if it does not act on an alert. `whole` reads every recorded event of the
   * history, and not only those from this one on.
   */
  readonly history:
    | (HistoryKey & { readonly action: Action; readonly urgency: Urgency | null; readonly whole: boolean })
    | null;
};

/** What `appendEvents` found after it had added the events. */
export type AppendResult = {
  /** For each event that is a repeat: the id of an earlier event with the same idempotency key. */
  readonly owners: ReadonlyMap<string, string>;
  readonly histories: readonly StoredHistory[];
  /** Recorded events by id: those of the given ones, and the later ones of their histories (all, with `whole`). */
  readonly recorded: ReadonlyMap<string, EventHead>;
};

// An id in a history must also be in a queue, the outbox or `events`. A queue that dies with its process does not count.
const INSERT_MISSING_OUTBOX = `
  INSERT INTO outbox (id, message, sends, send_at)
  SELECT value->>'id', value->>'message', 0, value->>'send_at' FROM json_each(?1) u
  WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id')
  ON CONFLICT (id) DO NOTHING`;

const CLAIM_SIGNED_KEYS = `
  INSERT INTO inbound_idempotency_keys (integration_id, idempotency_key, event_id)
  SELECT value->>'integration_id', value->>'signed_key', value->>'id' FROM json_each(?1)
  WHERE value->>'signed_key' IS NOT NULL
  ON CONFLICT DO NOTHING`;

// Anybody who has recorded a signed request can send it again with an unsigned key of their choice. A repeat by its signed key
// claims no other, so that a later event with that key is no repeat.
const CLAIM_UNSIGNED_KEYS = `
  INSERT INTO inbound_idempotency_keys (integration_id, idempotency_key, event_id)
  SELECT u.value->>'integration_id', k.value, u.value->>'id'
  FROM json_each(?1) u, json_each(u.value->'idempotency_keys') k
  WHERE k.value IS NOT u.value->>'signed_key'
    AND NOT EXISTS (
      SELECT 1 FROM inbound_idempotency_keys r
      WHERE r.integration_id = u.value->>'integration_id' AND r.idempotency_key = u.value->>'signed_key'
        AND r.event_id <> u.value->>'id')
  ON CONFLICT DO NOTHING`;

const READ_OWNERS = `
  SELECT u.value->>'id' AS id, r.event_id AS owner FROM json_each(?1) u, json_each(u.value->'idempotency_keys') k
  JOIN inbound_idempotency_keys r ON r.integration_id = u.value->>'integration_id' AND r.idempotency_key = k.value
  WHERE r.event_id <> u.value->>'id'`;

/** The assignment that unites the urgencies of two histories, as `log` is united. */
export const MERGED_URGENCIES =
  "urgencies = CASE WHEN excluded.urgencies IS NULL THEN urgencies ELSE json_patch(coalesce(urgencies, '{}'), excluded.urgencies) END";

// A recorded event is not added again: it was in the history before, and compaction may have removed it since. One whose
// transformation failed was in none.
const APPEND_TO_HISTORIES = `
  INSERT INTO alert_histories (namespace, key, version, log, urgencies)
  SELECT u.value->'history'->>'namespace', u.value->'history'->>'key', 1,
    json_object(u.value->>'id', u.value->'history'->>'action'),
    iif(u.value->'history'->>'urgency' IS NULL, NULL, json_object(u.value->>'id', u.value->'history'->>'urgency'))
  FROM json_each(?1) u
  WHERE u.value->>'history' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id' AND e.outcome <> 'transformation_failed')
    AND NOT EXISTS (
      SELECT 1 FROM json_each(u.value->'idempotency_keys') k
      JOIN inbound_idempotency_keys r ON r.integration_id = u.value->>'integration_id' AND r.idempotency_key = k.value
      WHERE r.event_id <> u.value->>'id')
  ON CONFLICT (namespace, key) DO UPDATE SET version = version + 1, log = json_patch(log, excluded.log), ${MERGED_URGENCIES}
  WHERE alert_histories.log IS NOT json_patch(alert_histories.log, excluded.log)`;

const READ_HISTORIES = `
  SELECT h.namespace, h.key, h.version, h.log, h.urgencies, h.compacted FROM json_each(?1) k
  JOIN alert_histories h ON h.namespace = k.value->>'namespace' AND h.key = k.value->>'key'`;

const READ_RECORDED = `
  SELECT ${HEAD_COLUMNS} FROM events
  WHERE id IN (
    SELECT value FROM json_each(?1)
    UNION
    SELECT l.key FROM json_each(?2) k
    JOIN alert_histories h ON h.namespace = k.value->>'namespace' AND h.key = k.value->>'key', json_each(h.log) l
    WHERE l.key > k.value->>'after')`;

/** Returns the owners of the keys that events share with others: for each repeat, the id of an earlier event. Claims nothing. */
export async function readOwners(
  db: ShardDatabase,
  events: readonly Pick<EventToAppend, "id" | "integration_id" | "idempotency_keys">[],
): Promise<ReadonlyMap<string, string>> {
  const withKeys = events.filter(({ idempotency_keys }) => idempotency_keys.length > 0);
  if (withKeys.length === 0) return new Map();
  const { results } = await db.prepare(READ_OWNERS).bind(JSON.stringify(withKeys)).all<Row>();
  return new Map(results.map((row) => [text(row, "id"), text(row, "owner")]));
}

/** Returns a key for maps of histories. */
export function historyName(key: HistoryKey): string {
  return JSON.stringify([key.namespace, key.key]);
}

export function parseHistory(row: Row): StoredHistory {
  return {
    namespace: text(row, "namespace"),
    key: text(row, "key"),
    version: integer(row, "version"),
    log: fromColumn(row, "log"),
    urgencies: fromColumnOrNull(row, "urgencies") ?? {},
    compacted: fromColumnOrNull(row, "compacted"),
  };
}

/** Returns the histories of these keys. A key without events has none. */
export async function readHistories(db: ShardDatabase, keys: readonly HistoryKey[]): Promise<StoredHistory[]> {
  const { results } = await db.prepare(READ_HISTORIES).bind(JSON.stringify(keys)).all<Row>();
  return results.map(parseHistory);
}

const READ_UNRECORDED = `
  SELECT value AS id FROM json_each(?1) u WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value)`;

/** Returns which of these events are not on record. Throws if D1 or R2 cannot be read. */
export async function readUnrecorded(stores: EventStores, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { results } = await stores.shard.db.prepare(READ_UNRECORDED).bind(JSON.stringify(ids)).all<Row>();
  const missing = results.map((row) => text(row, "id"));
  if (missing.length === 0) return new Set();
  const cold = await findCold(stores, missing);
  return new Set(missing.filter((id) => !cold.has(id)));
}

type HistoryRange = HistoryKey & { readonly after: string };

/** Returns one range per history: after the earliest of the events, or all of it ("") with `whole`. */
function historyRanges(events: readonly EventToAppend[]): HistoryRange[] {
  const ranges = new Map<string, HistoryRange>();
  for (const { id, history } of events) {
    if (history === null) continue;
    const name = historyName(history);
    const known = ranges.get(name);
    const after = history.whole ? "" : id;
    if (known === undefined || after < known.after) {
      ranges.set(name, { namespace: history.namespace, key: history.key, after });
    }
  }
  return [...ranges.values()];
}

/**
 * Claims idempotency keys and adds events to the histories of their alerts, in one transaction that also reads the result.
 * Repeating it changes nothing. The events must be in order of their ids. Of `outboxRows`, those that the outbox lacks are
 * inserted in the same transaction.
 */
export async function appendEvents(
  db: ShardDatabase,
  events: readonly EventToAppend[],
  outboxRows: readonly OutboxRow[],
): Promise<AppendResult> {
  const all = JSON.stringify(events);
  const ranges = historyRanges(events);
  const rangesJson = JSON.stringify(ranges);
  const hasKeys = events.some((event) => event.idempotency_keys.length > 0);
  const hasSignedKeys = events.some((event) => event.signed_key !== null);
  const hasHistories = ranges.length > 0;
  const writes = [
    ...jsonChunks(outboxRows).map((chunk) => db.prepare(INSERT_MISSING_OUTBOX).bind(chunk)),
    ...(hasSignedKeys ? [db.prepare(CLAIM_SIGNED_KEYS).bind(all)] : []),
    ...(hasKeys ? [db.prepare(CLAIM_UNSIGNED_KEYS).bind(all)] : []),
    ...(hasHistories ? [db.prepare(APPEND_TO_HISTORIES).bind(all)] : []),
  ];
  const results = await db.batch<Row>([
    ...writes,
    db.prepare(READ_RECORDED).bind(JSON.stringify(events.map((event) => event.id)), rangesJson),
    ...(hasKeys ? [db.prepare(READ_OWNERS).bind(all)] : []),
    ...(hasHistories ? [db.prepare(READ_HISTORIES).bind(rangesJson)] : []),
  ]);
  const [recorded, ...reads] = results.slice(writes.length).map((result) => result.results);
  const owners = hasKeys ? reads.shift() : [];
  const histories = hasHistories ? reads.shift() : [];
  return {
    recorded: new Map((recorded ?? []).map((row) => [text(row, "id"), parseEventHead(row)])),
    owners: new Map((owners ?? []).map((row) => [text(row, "id"), text(row, "owner")])),
    histories: (histories ?? []).map(parseHistory),
  };
}
