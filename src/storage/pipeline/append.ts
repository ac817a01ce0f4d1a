import type { ShardDatabase } from "../../platform/shards.ts";
import type { HistoryKey, StoredHistory } from "../../model/episode.ts";
import type { Action, EventRecord } from "../../model/event.ts";
import { RECORD_COLUMNS, parseEventRecord } from "../events/events.ts";
import { jsonChunks } from "../chunks.ts";
import type { OutboxRow } from "./outbox.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, text } from "../rows.ts";

/** What an accepted event brings to the database before anything is sent. */
export type Enrollment = {
  readonly id: string;
  readonly integration_id: string;
  readonly idempotency_key: string | null;
  /** The alert history that it joins, where it acts on an alert; `whole` where all of that is to be decided anew. */
  readonly history: (HistoryKey & { readonly action: Action; readonly whole: boolean }) | null;
};

export type Enrolled = {
  /** For events with a repeat key: the event that came first with it. */
  readonly owners: ReadonlyMap<string, string>;
  readonly histories: readonly StoredHistory[];
  /** Events that are on record already: of those given, and of their histories those that came after them, or all. */
  readonly recorded: ReadonlyMap<string, EventRecord>;
};

// A queue that dies with its process must not leave an event in a history that is nowhere else.
const KEEP_IN_OUTBOX = `
  INSERT INTO outbox (id, message, sends, send_at)
  SELECT value->>'id', value->>'message', 0, value->>'send_at' FROM json_each(?1) u
  WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id')
  ON CONFLICT (id) DO NOTHING`;

const CLAIM_IDEMPOTENCY_KEYS = `
  INSERT INTO inbound_idempotency_keys (integration_id, idempotency_key, event_id)
  SELECT value->>'integration_id', value->>'idempotency_key', value->>'id'
  FROM json_each(?1) WHERE value->>'idempotency_key' IS NOT NULL
  ON CONFLICT DO NOTHING`;

const READ_OWNERS = `
  SELECT u.value->>'id' AS id, r.event_id AS owner FROM json_each(?1) u
  JOIN inbound_idempotency_keys r ON r.integration_id = u.value->>'integration_id' AND r.idempotency_key = u.value->>'idempotency_key'`;

// An event that is on record was in its history before that; the log may have been shortened since.
const JOIN_HISTORIES = `
  INSERT INTO alert_histories (namespace, key, version, log)
  SELECT u.value->'history'->>'namespace', u.value->'history'->>'key', 1,
    json_object(u.value->>'id', u.value->'history'->>'action')
  FROM json_each(?1) u
  WHERE u.value->>'history' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id')
    AND (u.value->>'idempotency_key' IS NULL OR EXISTS (
      SELECT 1 FROM inbound_idempotency_keys r
      WHERE r.integration_id = u.value->>'integration_id' AND r.idempotency_key = u.value->>'idempotency_key'
        AND r.event_id = u.value->>'id'))
  ON CONFLICT (namespace, key) DO UPDATE SET version = version + 1, log = json_patch(log, excluded.log)
  WHERE alert_histories.log IS NOT json_patch(alert_histories.log, excluded.log)`;

const READ_HISTORIES = `
  SELECT h.namespace, h.key, h.version, h.log, h.compacted FROM json_each(?1) k
  JOIN alert_histories h ON h.namespace = k.value->>'namespace' AND h.key = k.value->>'key'`;

const READ_RECORDED = `
  SELECT ${RECORD_COLUMNS} FROM events
  WHERE id IN (
    SELECT value FROM json_each(?1)
    UNION
    SELECT l.key FROM json_each(?2) k
    JOIN alert_histories h ON h.namespace = k.value->>'namespace' AND h.key = k.value->>'key', json_each(h.log) l
    WHERE l.key > k.value->>'after')`;

/** Names a history in a map. */
export function historyName(key: HistoryKey): string {
  return JSON.stringify([key.namespace, key.key]);
}

export function parseHistory(row: Row): StoredHistory {
  return {
    namespace: text(row, "namespace"),
    key: text(row, "key"),
    version: integer(row, "version"),
    log: fromColumn(row, "log"),
    compacted: fromColumnOrNull(row, "compacted"),
  };
}

/** Histories as they stand; those that have no event yet are left out. */
export async function readHistories(db: ShardDatabase, keys: readonly HistoryKey[]): Promise<StoredHistory[]> {
  const { results } = await db.prepare(READ_HISTORIES).bind(JSON.stringify(keys)).all<Row>();
  return results.map(parseHistory);
}

type HistoryRange = HistoryKey & { readonly after: string };

/** One entry for each history that the events join, with the earliest of them, or "" for all of it. */
function historyRanges(events: readonly Enrollment[]): HistoryRange[] {
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
 * Claims repeat keys and adds events to the histories of their alerts, in one transaction that also reads what they led to.
 * Doing it again changes nothing. The events are to be in order of their ids; `keep` are rows for those of them that the
 * outbox has to hold until they are settled, where it does not already.
 */
export async function enroll(
  db: ShardDatabase,
  events: readonly Enrollment[],
  keep: readonly OutboxRow[],
): Promise<Enrolled> {
  const all = JSON.stringify(events);
  const ranges = historyRanges(events);
  const rangesJson = JSON.stringify(ranges);
  const claims = events.some((event) => event.idempotency_key !== null);
  const joins = ranges.length > 0;
  const writes = [
    ...jsonChunks(keep).map((chunk) => db.prepare(KEEP_IN_OUTBOX).bind(chunk)),
    ...(claims ? [db.prepare(CLAIM_IDEMPOTENCY_KEYS).bind(all)] : []),
    ...(joins ? [db.prepare(JOIN_HISTORIES).bind(all)] : []),
  ];
  const results = await db.batch<Row>([
    ...writes,
    db.prepare(READ_RECORDED).bind(JSON.stringify(events.map((event) => event.id)), rangesJson),
    ...(claims ? [db.prepare(READ_OWNERS).bind(all)] : []),
    ...(joins ? [db.prepare(READ_HISTORIES).bind(rangesJson)] : []),
  ]);
  const [recorded, ...reads] = results.slice(writes.length).map((result) => result.results);
  const owners = claims ? reads.shift() : [];
  const histories = joins ? reads.shift() : [];
  return {
    recorded: new Map((recorded ?? []).map((row) => [text(row, "id"), parseEventRecord(row)])),
    owners: new Map((owners ?? []).map((row) => [text(row, "id"), text(row, "owner")])),
    histories: (histories ?? []).map(parseHistory),
  };
}
