import type { AlertFields, AlertSnapshot, AlertStatus } from "../model/alert.ts";
import type { HistoryKey, StoredHistory } from "../model/episode.ts";
import type { EventRecord } from "../model/event.ts";
import { IS_NO_ALIAS } from "./aliases.ts";
import { jsonChunks } from "./chunks.ts";
import { historyName } from "./enrollment.ts";
import { type NewEvent, boundDeliveries, sweepAt } from "./events.ts";
import { CLEAR_OUTBOX } from "./outbox.ts";
import { type Row, integer, text } from "./rows.ts";

/** An event on record that an earlier one has given another outcome; written only while it is at `record.version`. */
export type Correction = { readonly record: EventRecord; readonly alert: AlertSnapshot | null };

/** An alert as it is to be shown; written only while its history is still at `history_version`. */
export type AlertRow = HistoryKey & {
  readonly history_version: number;
  /** The key that the alert is shown with: that of its opener, which may be an alias of the history's. */
  readonly shown_key: string;
  readonly id: string;
  readonly integration_id: string;
  readonly status: AlertStatus;
  readonly fields: AlertFields;
  readonly fields_from: string;
  readonly dedup_count: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly acknowledged_at: string | null;
  readonly resolved_at: string | null;
};

/** An alert that never was: an earlier event has taken its place. */
export type GoneAlert = HistoryKey & { readonly history_version: number; readonly id: string };

export type Settlement = {
  readonly events: readonly NewEvent[];
  readonly corrections: readonly Correction[];
  readonly alerts: readonly AlertRow[];
  readonly gone_alerts: readonly GoneAlert[];
  /** Shortened histories, each with the version that it was shortened from. */
  readonly folds: readonly StoredHistory[];
  /** Histories that the settlement was worked out from. */
  readonly histories: readonly StoredHistory[];
  /** Events that need the outbox no longer. */
  readonly outbox_ids: readonly string[];
};

export type Settled = {
  readonly inserted: ReadonlySet<string>;
  readonly corrected: ReadonlySet<string>;
  /** Names of histories that others have added to meanwhile, or joined to another. */
  readonly moved: ReadonlySet<string>;
};

const INSERT_EVENTS = `
  INSERT INTO events (id, integration_id, type, outcome, alert_id, received_at, version, sweep_at, deliveries, alert, content)
  SELECT value->>'id', value->>'integration_id', value->>'type', value->>'outcome', value->>'alert_id',
    value->>'received_at', 1, value->>'sweep_at', value->>'deliveries', value->>'alert', value->>'content'
  FROM json_each(?1) WHERE true
  ON CONFLICT (id) DO NOTHING RETURNING id`;

const CORRECT_EVENTS = `
  UPDATE events SET version = events.version + 1, type = u.value->>'type', outcome = u.value->>'outcome',
    alert_id = u.value->>'alert_id', alert = u.value->>'alert', deliveries = u.value->>'deliveries',
    sweep_at = u.value->>'sweep_at'
  FROM json_each(?1) u WHERE events.id = u.value->>'id' AND events.version = u.value->>'version'
  RETURNING events.id AS id`;

const UPSERT_ALERTS = `
  INSERT INTO alerts (id, integration_id, namespace, key, status, fields, fields_from, dedup_count,
    created_at, updated_at, acknowledged_at, resolved_at)
  SELECT u.value->>'id', u.value->>'integration_id', h.namespace, u.value->>'shown_key', u.value->>'status', u.value->>'fields',
    u.value->>'fields_from', u.value->>'dedup_count', u.value->>'created_at', u.value->>'updated_at',
    u.value->>'acknowledged_at', u.value->>'resolved_at'
  FROM json_each(?1) u
  JOIN alert_histories h ON h.namespace = u.value->>'namespace' AND h.key = u.value->>'key'
    AND h.version = u.value->>'history_version'
  WHERE ${IS_NO_ALIAS}
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, fields = excluded.fields, fields_from = excluded.fields_from,
    dedup_count = excluded.dedup_count, updated_at = excluded.updated_at, acknowledged_at = excluded.acknowledged_at,
    resolved_at = excluded.resolved_at
  WHERE (alerts.status, alerts.fields_from, alerts.dedup_count, alerts.updated_at, alerts.acknowledged_at, alerts.resolved_at)
    IS NOT (excluded.status, excluded.fields_from, excluded.dedup_count, excluded.updated_at, excluded.acknowledged_at,
      excluded.resolved_at)`;

const DELETE_GONE_ALERTS = `
  DELETE FROM alerts WHERE id IN (
    SELECT u.value->>'id' FROM json_each(?1) u
    JOIN alert_histories h ON h.namespace = u.value->>'namespace' AND h.key = u.value->>'key'
      AND h.version = u.value->>'history_version' AND ${IS_NO_ALIAS})`;

const READ_VERSIONS = `
  SELECT h.namespace, h.key, h.version FROM json_each(?1) k
  JOIN alert_histories h ON h.namespace = k.value->>'namespace' AND h.key = k.value->>'key'
  WHERE ${IS_NO_ALIAS}`;

const FOLD_HISTORIES = `
  UPDATE alert_histories SET version = alert_histories.version + 1, log = u.value->>'log', folded = u.value->>'folded'
  FROM json_each(?1) u
  WHERE alert_histories.namespace = u.value->>'namespace' AND alert_histories.key = u.value->>'key'
    AND alert_histories.version = u.value->>'version'`;

function rowOf<T extends Correction>({ record, ...rest }: T): Record<string, unknown> {
  return { ...record, ...rest, deliveries: boundDeliveries(record.deliveries), sweep_at: sweepAt(record.deliveries) };
}

/**
 * Writes what a batch of events came to, in one transaction. Doing it again changes nothing: events are inserted once,
 * corrections and alerts only by who saw the latest state.
 */
export async function settle(db: D1Database, settlement: Settlement): Promise<Settled> {
  const { histories } = settlement;
  const statements: D1PreparedStatement[] = [];
  const kinds: ("inserted" | "corrected" | "versions" | "written")[] = [];
  const add = (kind: (typeof kinds)[number], sql: string, items: readonly unknown[]): void => {
    for (const chunk of jsonChunks(items)) {
      statements.push(db.prepare(sql).bind(chunk));
      kinds.push(kind);
    }
  };
  add("written", UPSERT_ALERTS, settlement.alerts);
  add("written", DELETE_GONE_ALERTS, settlement.gone_alerts);
  const keys = histories.map(({ namespace, key }) => ({ namespace, key }));
  add("versions", READ_VERSIONS, keys);
  add("written", FOLD_HISTORIES, settlement.folds);
  add("inserted", INSERT_EVENTS, settlement.events.map(rowOf));
  add("corrected", CORRECT_EVENTS, settlement.corrections.map(rowOf));
  add("written", CLEAR_OUTBOX, settlement.outbox_ids);

  const inserted = new Set<string>();
  const corrected = new Set<string>();
  const versions = new Map<string, number>();
  const results = statements.length === 0 ? [] : await db.batch<Row>(statements);
  for (const [index, result] of results.entries()) {
    for (const row of result.results) {
      switch (kinds[index]) {
        case "inserted":
          inserted.add(text(row, "id"));
          break;
        case "corrected":
          corrected.add(text(row, "id"));
          break;
        case "versions":
          versions.set(
            historyName({ namespace: text(row, "namespace"), key: text(row, "key") }),
            integer(row, "version"),
          );
          break;
        case "written":
        case undefined:
          break;
      }
    }
  }
  const moved = histories.filter((each) => versions.get(historyName(each)) !== each.version).map(historyName);
  return { inserted, corrected, moved: new Set(moved) };
}
