import type { ShardDatabase } from "../../platform/shards.ts";
import { ALERT_STATUSES, type Alert, type AlertFields, type Urgency } from "../../model/alert.ts";
import type { HistoryKey } from "../../model/episode.ts";
import { type Needle, contains } from "../../model/text-match.ts";
import { alertIdOf, openerOf } from "../../model/ids.ts";
import { LOG_END, type TimeRange, boundsOfRange, decodeCursor } from "../events/log.ts";
import {
  type Fitting,
  type ListedPage,
  type Selected,
  mergePages,
  readFitting,
  readPage,
  readSearchPage,
} from "../pages.ts";
import { type Row, fromColumn, integer, oneOf, text, textOrNull } from "../rows.ts";
import {
  ANYTHING,
  type Condition,
  type Span,
  allOf,
  anyOf,
  columnsAre,
  maxScannedOf,
  search,
  searchSpans,
} from "../search.ts";
import { readKeySpans } from "./key-spans.ts";
import { listLoneAlerts, listLoneAlertsById } from "./list-lone-alerts.ts";
import { loneAlertsStatement, parseLone, readLoneAlerts } from "./lone-alerts.ts";
import { searchText } from "../text-search.ts";
import type { PageQuery } from "../tables.ts";

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

/** A page that is asked for: its range of ids, and the parts of it that can hold the key, if one is asked for and known. */
type Asked = PageQuery & {
  readonly bounds: { readonly start: string; readonly floor: string };
  readonly spans: readonly Span[] | null;
  readonly filters: Omit<AlertFilters, keyof TimeRange | "known_from_ms">;
};

async function readRows(db: ShardDatabase, asked: Asked, maxRows: number): Promise<ListedPage<Row>> {
  const { bounds, spans, limit } = asked;
  const { urgency, text: needle, ...columns } = asked.filters;
  const { start, floor } = bounds;
  const matching = allOf([columnsAre(columns), hasUrgency(urgency)]);
  const among: Condition = { sql: "id >= ?", values: [floor] };
  if (needle !== undefined) {
    const conditions = { among, matching, apart: "false", compare: (row: Row) => containsText(row, needle) };
    const source = { ...conditions, table: "alerts", from: "alerts", columns: ["key", "fields"] } as const;
    const texts = await searchText(db, source, needle, start, limit + 1, maxRows);
    return await readSearchPage(db, LISTED_ALERTS, texts, asked);
  }
  if (matching === ANYTHING) {
    return await readPage(db, LISTED_ALERTS, { sql: "id < ? AND id >= ?", values: [start, floor] }, asked, null);
  }
  const what = { from: "alerts", among, matching };
  const found =
    spans === null
      ? await search(db, what, start, limit + 1, maxRows)
      : await searchSpans(db, what, { spans, rest: null }, start, limit + 1, maxRows);
  return await readSearchPage(db, LISTED_ALERTS, found, asked);
}

async function readLone(
  db: ShardDatabase,
  { bounds, spans, limit, filters }: Asked,
  maxRows: number,
): Promise<ListedPage<Alert>> {
  const { status, ...others } = filters;
  const nothing: ListedPage<Alert> = { rows: [], next: null };
  if (status !== undefined && status !== "open") return nothing;
  if (spans === null) return await listLoneAlerts(db, limit, bounds, others, maxRows);
  const pages = await Promise.all(
    spans.map(async ({ ids, from, below }) => {
      const start = below < bounds.start ? below : bounds.start;
      const floor = from > bounds.floor ? from : bounds.floor;
      if (start <= floor) return nothing;
      return await (ids === null
        ? listLoneAlerts(db, limit, { start, floor }, others, maxRows)
        : listLoneAlertsById(db, limit, { start, floor }, others, ids));
    }),
  );
  return mergePages(pages, limit, ({ id }) => id);
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
  const { from_ms, to_ms, known_from_ms, ...others } = filters;
  const { key, integration_id, text: needle } = others;
  const bounds = boundsOf({ from_ms, to_ms }, decodeCursor(page.before, LOG_END).id);
  const hasSpans = key !== undefined && known_from_ms !== undefined && needle === undefined;
  const spans = hasSpans ? await readKeySpans(db, key, integration_id, known_from_ms, bounds.floor) : null;
  const asked = { ...page, bounds, spans, filters: others };
  // Lone alerts first: one that gets a row in between is in both.
  const lone = await readLone(db, asked, maxRows);
  const { rows, next } = await readRows(db, asked, maxRows);
  return withLone({ rows: rows.map(parseAlert), next }, lone, page.limit);
}

/** Merges alerts with rows and lone ones. Of an alert that is in both, the row counts. */
function withLone(page: ListedPage<Alert>, lone: ListedPage<Alert>, limit: number): ListedPage<Alert> {
  const written = new Set(page.rows.map(({ id }) => id));
  const others = { ...lone, rows: lone.rows.filter(({ id }) => !written.has(id)) };
  return mergePages([page, others], limit, ({ id }) => id);
}

/** Returns the recorded ones of these alerts, newest first: as many as fit a page. */
export async function listAlertsById(
  db: ShardDatabase,
  ids: readonly string[],
  page: PageQuery,
): Promise<ListedPage<Alert>> {
  const lone = await readLoneAlerts(db, ids);
  const { rows, next } = await readPage(db, LISTED_ALERTS, anyOf(ids), page, null);
  return withLone({ rows: rows.map(parseAlert), next }, { rows: lone, next: null }, page.limit);
}

/** An alert, and the history that it belongs to. */
export type AlertOfHistory = { readonly alert: Alert; readonly history: HistoryKey };

/** Returns an alert with its history, or null if there is no such alert. */
export async function findAlertOfHistory(db: ShardDatabase, id: string): Promise<AlertOfHistory | null> {
  const [rows, lone] = await db.batch<Row>([
    db.prepare("SELECT * FROM alerts WHERE id = ?").bind(id),
    loneAlertsStatement(db, [id]),
  ]);
  const [row] = rows?.results ?? [];
  if (row !== undefined) {
    return { alert: parseAlert(row), history: { namespace: text(row, "namespace"), key: text(row, "key") } };
  }
  const [alert] = (lone?.results ?? []).map(parseLone);
  return alert === undefined ? null : { alert, history: { namespace: alert.integration_id, key: alert.key } };
}

export async function findAlert(db: ShardDatabase, id: string): Promise<Alert | null> {
  return (await findAlertOfHistory(db, id))?.alert ?? null;
}

/** The fields that an alert shows, and the event that set them. */
export type ShownFields = {
  readonly id: string;
  readonly key: string;
  readonly fields_from: string;
  readonly integration_id: string;
  readonly fields: AlertFields;
};

function shownByLone(alert: Alert): ShownFields {
  const { id, key, integration_id, title, description, urgency, tags, meta, incident, additional_data } = alert;
  const fields = { title, description, urgency, tags, meta, incident, additional_data };
  return { id, key, integration_id, fields_from: openerOf(id), fields };
}

async function readFieldsOfRows(db: ShardDatabase, alertIds: readonly string[]): Promise<Fitting<ShownFields>> {
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

/** Returns the fields of the recorded ones of these alerts, as many as fit into memory. */
export async function readShownFields(db: ShardDatabase, alertIds: readonly string[]): Promise<Fitting<ShownFields>> {
  const { rows, left } = await readFieldsOfRows(db, alertIds);
  const written = new Set([...left, ...rows.map(({ id }) => id)]);
  const rest = alertIds.filter((id) => !written.has(id));
  // Most alerts that are asked for have a row, so that the lone ones are read after the rows. Some may have got theirs in between.
  const lone = new Map((await readLoneAlerts(db, rest)).map((alert) => [alert.id, shownByLone(alert)]));
  const late = await readFieldsOfRows(
    db,
    rest.filter((id) => !lone.has(id)),
  );
  return { rows: [...rows, ...lone.values(), ...late.rows], left: [...left, ...late.left] };
}
