import type { ShardDatabase } from "../../platform/shards.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import type { AcceptedAs } from "../../model/acceptance.ts";
import type { HistoryKey, StoredHistory } from "../../model/episode.ts";
import type { EventRecord } from "../../model/event.ts";
import { alertIdOf } from "../../model/ids.ts";
import type { Membership } from "../../model/route.ts";
import { KEEP_CAPTURED, type NewlyCaptured } from "../alerts/captured-values.ts";
import { IS_NO_ALIAS } from "../alerts/aliases.ts";
import { jsonChunks } from "../chunks.ts";
import { historyName } from "./append.ts";
import {
  type AlertRow,
  DELETE_GONE_ALERTS,
  type GoneAlert,
  UNPACK_CORRECTED,
  UNPACK_GONE,
  UPSERT_ALERTS,
} from "./commit-alerts.ts";
import { type RowForm, rescueAt, storedDeliveries } from "../events/deliveries-column.ts";
import { unlessErased } from "../events/erased-fields.ts";
import type { ContentColumn } from "../events/event-row.ts";
import {
  COUNT_GROUPED,
  FINISH_GROUPS,
  JOIN_GROUPS,
  OPEN_GROUPS,
  type Joining,
  type OpenGroup,
  chainsOf,
  parseOpenGroup,
} from "./groups.ts";
import { type Row, integer, text } from "../rows.ts";
import { INSERT_UNREAD_NUMBERS, type UnreadNumber, acceptedAsColumn } from "../maintenance/accepted-numbers.ts";
import type { TalliedEvent } from "../maintenance/series-parts.ts";
import {
  REOPEN_CORRECTED_HOURS,
  TALLY_CHANGED,
  TALLY_LATE,
  concernsOf,
  hourOf,
  rollupChanged,
  rollupLate,
} from "../maintenance/rollups.ts";

/** An event as it is first written. */
export type NewEvent = {
  readonly record: EventRecord;
  readonly alert: AlertSnapshot | null;
  /** The event that set the fields of the alert, if it is another one. */
  readonly fields_from?: string | undefined;
  readonly content: ContentColumn;
  /** The groups that it joins. */
  readonly memberships?: readonly Membership[];
  /** The number of events that it stands for, if that is not one, and the group that they were in. */
  readonly weight?: number;
  readonly group_id?: string | undefined;
  /** The number of its message, if it had one. */
  readonly from?: AcceptedAs | undefined;
};

/** A recorded event to which an earlier event has given another outcome. Written only over `record.version`. */
export type Correction = {
  readonly record: EventRecord;
  readonly alert: AlertSnapshot | null;
  /** The event that set the fields of the alert, if it is another one. */
  readonly fields_from?: string | undefined;
  /** The groups that it joins, unless it has joined groups before. */
  readonly memberships?: readonly Membership[];
  /** Its content, if that has changed: its transformation was run again. */
  readonly content?: ContentColumn | undefined;
};

/** An event whose outbox row may be deleted. */
export type FinishedEvent = {
  readonly id: string;
  /** The history that the event was decided from, at the version that was read, or null if it belongs to none. */
  readonly history: (HistoryKey & { readonly version: number }) | null;
};

/** What one batch of events writes. */
export type CommitBatch = {
  readonly events: readonly NewEvent[];
  readonly corrections: readonly Correction[];
  readonly alerts: readonly AlertRow[];
  readonly gone_alerts: readonly GoneAlert[];
  /** Compacted histories, each with the version that it was compacted from. */
  readonly compactions: readonly StoredHistory[];
  /** The histories that the batch was computed from. */
  readonly histories: readonly StoredHistory[];
  /** Events that leave the outbox, unless the batch must be decided again. */
  readonly outbox: readonly FinishedEvent[];
  /** What new events add to charts, if they are late, and what corrections add. */
  readonly tallies: { readonly late: readonly TalliedEvent[]; readonly corrected: readonly TalliedEvent[] };
  /** What first attempts captured. */
  readonly captured?: readonly NewlyCaptured[];
  /** Messages whose numbers maintenance may not read from `events`. */
  readonly unread: readonly UnreadNumber[];
  /** In what form events are written; the full one if this is absent. */
  readonly row_form?: RowForm;
};

export type CommitResult = {
  readonly inserted: ReadonlySet<string>;
  readonly corrected: ReadonlySet<string>;
  /** The groups that these events opened. */
  readonly opened: readonly OpenGroup[];
  /** Names of the histories that other consumers have changed since they were read. */
  readonly moved: ReadonlySet<string>;
};

const ROLLUP_LATE = rollupLate(COUNT_GROUPED);
const ROLLUP_CHANGED = rollupChanged(`CASE WHEN e.grouped = 0 THEN ${COUNT_GROUPED} ELSE e.grouped END`);

const INSERT_EVENTS = `
  INSERT INTO events (id, integration_id, type, outcome, alert_id, received_at, version, rescue_at, deliveries, alert, content,
    grouped, weight, accepted_as)
  SELECT value->>'id', value->>'integration_id', value->>'type', value->>'outcome', value->>'alert_id',
    value->>'received_at', 1, value->>'rescue_at', value->>'deliveries', ${unlessErased("u.value->>'alert'", "u.value->>'fields_from'")}, value->>'content',
    ${COUNT_GROUPED}, COALESCE(value->>'weight', 1), value->>'accepted_as'
  FROM json_each(?1) u WHERE true
  ON CONFLICT (id) DO NOTHING RETURNING id`;

const CORRECT_EVENTS = `
  UPDATE events SET version = events.version + 1, type = u.value->>'type', outcome = u.value->>'outcome',
    alert_id = u.value->>'alert_id', alert = ${unlessErased("u.value->>'alert'", "u.value->>'fields_from'")}, deliveries = u.value->>'deliveries',
    content = COALESCE(u.value->>'content', events.content), rescue_at = u.value->>'rescue_at', grouped = CASE WHEN events.grouped = 0 THEN ${COUNT_GROUPED} ELSE events.grouped END
  FROM json_each(?1) u WHERE events.id = u.value->>'id' AND events.version = u.value->>'version'
  RETURNING events.id AS id`;

const READ_VERSIONS = `
  SELECT h.namespace, h.key, h.version FROM json_each(?1) k
  JOIN alert_histories h ON h.namespace = k.value->>'namespace' AND h.key = k.value->>'key'
  WHERE ${IS_NO_ALIAS}`;

/** The statement that compacts histories. Takes a JSON list of histories, each with the version that it was compacted from. */
export const COMPACT_HISTORIES = `
  UPDATE alert_histories SET version = alert_histories.version + 1, log = u.value->>'log', urgencies = u.value->>'urgencies',
    compacted = u.value->>'compacted'
  FROM json_each(?1) u
  WHERE alert_histories.namespace = u.value->>'namespace' AND alert_histories.key = u.value->>'key'
    AND alert_histories.version = u.value->>'version'`;

// If a history has moved or a correction comes too late, the batch is decided again. Its events stay in the outbox until
// then, so that they survive the end of the process.
const CLEAR_FINISHED = `
  DELETE FROM outbox
  WHERE id IN (
    SELECT u.value->>'id' FROM json_each(?1) u
    WHERE u.value->>'history' IS NULL OR EXISTS (
      SELECT 1 FROM alert_histories h
      WHERE h.namespace = u.value->'history'->>'namespace' AND h.key = u.value->'history'->>'key'
        AND h.version = u.value->'history'->>'version' AND ${IS_NO_ALIAS}))
    AND NOT EXISTS (
      SELECT 1 FROM json_each(?2) c JOIN events e ON e.id = c.value->>'id' WHERE e.version <> c.value->>'version')`;

function rowOf<T extends Correction>({ record, ...rest }: T, form: RowForm): Record<string, unknown> {
  return {
    ...record,
    ...rest,
    deliveries: storedDeliveries(record.deliveries, form),
    rescue_at: rescueAt(record.deliveries),
    at: Date.parse(record.received_at),
    hour: hourOf(record.id),
  };
}

function rollupOf({ record, memberships = [] }: Correction): object {
  const { id, type, integration_id, received_at, deliveries } = record;
  const counted = { deliveries: deliveries.length, memberships, concerns: concernsOf(record) };
  return { id, type, integration_id, at: Date.parse(received_at), hour: hourOf(id), ...counted };
}

function joiningOf({ record, memberships = [] }: Correction, version: number | null): Joining {
  return {
    event_id: record.id,
    integration_id: record.integration_id,
    received_at: record.received_at,
    version,
    memberships,
  };
}

/**
 * Writes a batch in one transaction. Repeating it changes nothing: an event is inserted once, and corrections and alerts are
 * written only over the version that they were computed from.
 */
export async function commitBatch(db: ShardDatabase, batch: CommitBatch): Promise<CommitResult> {
  const { histories, row_form = "full" } = batch;
  const statements: D1PreparedStatement[] = [];
  const kinds: ("inserted" | "corrected" | "opened" | "versions" | "written")[] = [];
  const add = (kind: (typeof kinds)[number], sql: string, items: readonly unknown[]): void => {
    for (const chunk of jsonChunks(items)) {
      statements.push(db.prepare(sql).bind(chunk));
      kinds.push(kind);
    }
  };
  const newIds = new Set(batch.events.map(({ record }) => alertIdOf(record.id)));
  add(
    "written",
    UPSERT_ALERTS,
    batch.alerts.map((alert) => ({ ...alert, is_new: newIds.has(alert.id) })),
  );
  add("written", DELETE_GONE_ALERTS, batch.gone_alerts);
  add("written", UNPACK_GONE, batch.gone_alerts);
  const keys = histories.map(({ namespace, key }) => ({ namespace, key }));
  add("versions", READ_VERSIONS, keys);
  const versionsCorrected = batch.corrections.map(({ record: { id, version } }) => ({ id, version }));
  for (const chunk of jsonChunks(batch.outbox)) {
    statements.push(db.prepare(CLEAR_FINISHED).bind(chunk, JSON.stringify(versionsCorrected)));
    kinds.push("written");
  }
  add("written", COMPACT_HISTORIES, batch.compactions);
  // Groups come before the events: an event that is not recorded yet has joined none.
  const chains = chainsOf([
    ...batch.events.map((each) => joiningOf(each, null)),
    ...batch.corrections.map((each) => joiningOf(each, each.record.version)),
  ]);
  add("opened", OPEN_GROUPS, chains);
  add("written", JOIN_GROUPS, chains);
  // As text, because SQLite would only parse it and serialize it again.
  const events = batch.events.map((event) => ({
    ...rowOf(event, row_form),
    content: JSON.stringify(event.content),
    accepted_as: acceptedAsColumn(event.from),
  }));
  const corrections = batch.corrections.map((each) => ({
    ...rowOf(each, row_form),
    content: each.content === undefined ? null : JSON.stringify(each.content),
    concerns: concernsOf(each.record),
  }));
  add("written", KEEP_CAPTURED, batch.captured ?? []);
  add("written", ROLLUP_LATE, batch.events.map(rollupOf));
  add("written", TALLY_LATE, batch.tallies.late);
  add("written", INSERT_UNREAD_NUMBERS, batch.unread);
  add("inserted", INSERT_EVENTS, events);
  const groups = batch.events.flatMap(({ record, group_id: id }) =>
    id === undefined ? [] : [{ id, event_id: record.id }],
  );
  add("written", FINISH_GROUPS, groups);
  add("written", TALLY_CHANGED, batch.tallies.corrected);
  add("written", ROLLUP_CHANGED, corrections);
  add("written", REOPEN_CORRECTED_HOURS, corrections);
  add("corrected", CORRECT_EVENTS, corrections);
  add(
    "written",
    UNPACK_CORRECTED,
    batch.corrections.map(({ record: { id } }) => ({ id })),
  );

  const inserted = new Set<string>();
  const corrected = new Set<string>();
  const opened: OpenGroup[] = [];
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
        case "opened":
          opened.push(parseOpenGroup(row));
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
  return { inserted, corrected, opened, moved: new Set(moved) };
}
