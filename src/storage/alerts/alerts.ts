import type { ShardDatabase } from "../../platform/shards.ts";
import { ALERT_STATUSES, type Alert, type AlertFields } from "../../model/alert.ts";
import type { HistoryKey } from "../../model/episode.ts";
import { LOG_END, decodeCursor } from "../events/log.ts";
import { type Fitting, type ListedPage, type Selected, readFitting, readPage, readSearchPage } from "../pages.ts";
import { type Row, fromColumn, integer, oneOf, text, textOrNull } from "../rows.ts";
import { ANYTHING, MAX_SCANNED_ROWS, columnsAre, search } from "../search.ts";
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
export type AlertFilters = { readonly status?: string | undefined; readonly integration_id?: string | undefined };

async function readAlerts(
  db: ShardDatabase,
  page: PageQuery,
  filters: AlertFilters,
  maxRows: number,
): Promise<ListedPage<Row>> {
  const { id: below } = decodeCursor(page.before, LOG_END);
  const matching = columnsAre(filters);
  if (matching === ANYTHING) {
    return await readPage(db, LISTED_ALERTS, { sql: "id < ?", values: [below] }, page, null);
  }
  const found = await search(db, { from: "alerts", among: ANYTHING, matching }, below, page.limit + 1, maxRows);
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
  maxRows: number = MAX_SCANNED_ROWS,
): Promise<ListedPage<Alert>> {
  const { rows, next } = await readAlerts(db, page, filters, maxRows);
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
