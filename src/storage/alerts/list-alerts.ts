import type { ShardDatabase } from "../../platform/shards.ts";
import { ALERT_STATUSES, type Alert, type AlertFields } from "../../model/alert.ts";
import type { HistoryKey } from "../../model/episode.ts";
import { type ListedPage, type Selected, readPage, readSearchPage } from "../pages.ts";
import { type Row, fromColumn, integer, oneOf, text, textOrNull } from "../rows.ts";
import { ANYTHING, MAX_SCANNED_ROWS, columnsAre, search } from "../search.ts";
import { ABOVE_ALL_IDS, type PageQuery, findRow } from "../tables.ts";

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

/** What a list of alerts can be filtered by. */
export type AlertFilters = { readonly status?: string | undefined; readonly integration_id?: string | undefined };

async function readAlerts(
  db: ShardDatabase,
  page: PageQuery,
  filters: AlertFilters,
  most: number,
): Promise<ListedPage<Row>> {
  const { limit, before } = page;
  const below = before ?? ABOVE_ALL_IDS;
  const matching = columnsAre(filters);
  if (matching === ANYTHING) {
    return await readPage(db, LISTED_ALERTS, { sql: "id < ?", values: [below] }, page, null);
  }
  const found = await search(db, { from: "alerts", among: ANYTHING, matching }, below, limit + 1, most);
  return await readSearchPage(db, LISTED_ALERTS, found, page);
}

/**
 * Alerts, newest first. A page may be shorter than asked for, where descriptions are large or where alerts that match are
 * rare: of a filtered list it looks at no more than `most` alerts.
 */
export async function listAlerts(
  db: ShardDatabase,
  page: PageQuery,
  filters: AlertFilters,
  most: number = MAX_SCANNED_ROWS,
): Promise<ListedPage<Alert>> {
  const { rows, next } = await readAlerts(db, page, filters, most);
  return { rows: rows.map(parseAlert), next };
}

/** The key in a namespace that an alert is about; null where there is no such alert. */
export async function findAlertKey(db: ShardDatabase, id: string): Promise<HistoryKey | null> {
  const row = await findRow(db, "alerts", id);
  return row === null ? null : { namespace: text(row, "namespace"), key: text(row, "key") };
}

export async function findAlert(db: ShardDatabase, id: string): Promise<Alert | null> {
  const row = await findRow(db, "alerts", id);
  return row === null ? null : parseAlert(row);
}
