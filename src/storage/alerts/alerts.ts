import type { ShardDatabase } from "../../platform/shards.ts";
import { ALERT_STATUSES, type Alert, type AlertFields, type Urgency } from "../../model/alert.ts";
import type { HistoryKey } from "../../model/episode.ts";
import { type Needle, contains } from "../../model/text-match.ts";
import { alertIdOf } from "../../model/ids.ts";
import { LOG_END, type TimeRange, boundsOfRange, decodeCursor } from "../events/log.ts";
import { type Fitting, type ListedPage, type Selected, readFitting, readPage, readSearchPage } from "../pages.ts";
import { type Row, fromColumn, integer, oneOf, text, textOrNull } from "../rows.ts";
import { ANYTHING, type Condition, allOf, anyOf, columnsAre, maxScannedOf, search, searchSpans } from "../search.ts";
import { readKeySpans } from "./key-spans.ts";
import { searchText } from "../text-search.ts";
import { type PageQuery, findRow } from "../tables.ts";

function parseAlert(row: Row): Alert {
  return {
    ...fromColumn<AlertFields>(row, "fields"),
    id: text(row, "id"),
    integration_id: text(row, "integration_id"),
    key: text(row, "key"),
    status: oneOf(row, "status", ALERT_STATUSES),
    dedup_count: integer(row, "dedup_count"),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
    acknowledged_at: textOrNull(row, "acknowledged_at"),
    resolved_at: textOrNull(row, "resolved_at"),
  };
}

const LISTED_ALERTS: Selected = {
  table: "alerts",
  columns: "id, integration_id, key, status, dedup_count, created_at, updated_at, acknowledged_at, resolved_at",
  long: "fields",
};

/** The filters of a list of alerts. An undefined one does not restrict. */
export type AlertFilters = {
  readonly status?: string | undefined;
  readonly integration_id?: string | undefined;
  readonly urgency?: Urgency | undefined;
  readonly key?: string | undefined;
  /** Histories hold every alert that was opened at this time (ms since 1970) or later. Undefined if that is not known. */
  readonly known_from_ms?: number | undefined;
  /** A part of the title, the description or the key. */
  readonly text?: Needle | undefined;
} & TimeRange;

async function containsText(row: Row, needle: Needle): Promise<boolean> {
  const { title, description } = fromColumn<AlertFields>(row, "fields");
  return [text(row, "key"), title, description].some((each) => contains(each, needle));
}

/** Returns the condition for alerts of an urgency. The text says which fields are worth parsing. */
function hasUrgency(urgency: Urgency | undefined): Condition {
  if (urgency === undefined) return ANYTHING;
  return {
    sql: "(instr(fields, ?) > 0 AND fields->>'$.urgency' = ?)",
    values: [JSON.stringify({ urgency }).slice(1, -1), urgency],
  };
}

/** Returns the ids of alerts in a range and below `below`. An alert's id holds the time of the event that opened it. */
function boundsOf(range: TimeRange, below: string): { readonly start: string; readonly floor: string } {
  const { start, floor } = boundsOfRange(range, LOG_END.id);
  const end = start === LOG_END.id ? start : alertIdOf(start);
  return { start: end < below ? end : below, floor: floor === "" ? floor : alertIdOf(floor) };
}

async function readAlerts(
  db: ShardDatabase,
  page: PageQuery,
  { from_ms, to_ms, known_from_ms, urgency, text: needle, ...columns }: AlertFilters,
  maxRows: number,
): Promise<ListedPage<Row>> {
  const { start, floor } = boundsOf({ from_ms, to_ms }, decodeCursor(page.before, LOG_END).id);
  const matching = allOf([columnsAre(columns), hasUrgency(urgency)]);
  const among: Condition = { sql: "id >= ?", values: [floor] };
  if (needle !== undefined) {
    const conditions = { among, matching, apart: "false", compare: (row: Row) => containsText(row, needle) };
    const source = { ...conditions, table: "alerts", from: "alerts", columns: ["key", "fields"] } as const;
    const texts = await searchText(db, source, needle, start, page.limit + 1, maxRows);
    return await readSearchPage(db, LISTED_ALERTS, texts, page);
  }
  if (matching === ANYTHING) {
    return await readPage(db, LISTED_ALERTS, { sql: "id < ? AND id >= ?", values: [start, floor] }, page, null);
  }
  const what = { from: "alerts", among, matching };
  const { key, integration_id } = columns;
  const spans =
    key === undefined || known_from_ms === undefined
      ? null
      : await readKeySpans(db, key, integration_id, known_from_ms, floor);
  const wanted = page.limit + 1;
  const found =
    spans === null
      ? await search(db, what, start, wanted, maxRows)
      : await searchSpans(db, what, { spans, rest: null }, start, wanted, maxRows);
  return await readSearchPage(db, LISTED_ALERTS, found, page);
}

/**
 * Returns alerts, newest first. A page may hold fewer alerts than `limit` if descriptions are large, or if it is filtered: it
 * scans at most `maxRows` alerts then. It may be empty and still have a `next`.
 */
export async function listAlerts(
  db: ShardDatabase,
  page: PageQuery,
  filters: AlertFilters,
  maxRows: number = maxScannedOf(page),
): Promise<ListedPage<Alert>> {
  const { rows, next } = await readAlerts(db, page, filters, maxRows);
  return { rows: rows.map(parseAlert), next };
}

/** Returns the recorded ones of these alerts, newest first: as many as fit a page. */
export async function listAlertsById(
  db: ShardDatabase,
  ids: readonly string[],
  page: PageQuery,
): Promise<ListedPage<Alert>> {
  const { rows, next } = await readPage(db, LISTED_ALERTS, anyOf(ids), page, null);
  return { rows: rows.map(parseAlert), next };
}

/** Returns the history that an alert belongs to, or null if there is no such alert. */
export async function findAlertKey(db: ShardDatabase, id: string): Promise<HistoryKey | null> {
  const row = await findRow(db, "alerts", id);
  return row === null ? null : { namespace: text(row, "namespace"), key: text(row, "key") };
}

export async function findAlert(db: ShardDatabase, id: string): Promise<Alert | null> {
  const row = await findRow(db, "alerts", id);
  return row === null ? null : parseAlert(row);
}

/** The fields that an alert shows, and the event that set them. */
export type ShownFields = {
  readonly id: string;
  readonly key: string;
  readonly fields_from: string;
  readonly integration_id: string;
  readonly fields: AlertFields;
};

/** Returns the fields of the recorded ones of these alerts, as many as fit into memory. */
export async function readShownFields(db: ShardDatabase, alertIds: readonly string[]): Promise<Fitting<ShownFields>> {
  const columns = { table: "alerts", short: "id, key, integration_id, fields_from", long: ["fields"] } as const;
  const { rows, left } = await readFitting(db, columns, alertIds);
  const shown = rows.map((row) => ({
    id: text(row, "id"),
    key: text(row, "key"),
    fields_from: text(row, "fields_from"),
    integration_id: text(row, "integration_id"),
    fields: fromColumn<AlertFields>(row, "fields"),
  }));
  return { rows: shown, left };
}
