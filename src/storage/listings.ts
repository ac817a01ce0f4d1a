import { ALERT_STATUSES, type Alert, type AlertFields, type AlertSnapshot } from "../model/alert.ts";
import type { Delivery } from "../model/delivery.ts";
import type { EventContent, EventRecord } from "../model/event.ts";
import type { HistoryKey } from "../model/episode.ts";
import { eventIdOf } from "../model/ids.ts";
import { readStoredMessage } from "./bodies.ts";
import { ERASED_COLUMN } from "./erasure.ts";
import { type ContentColumn, RECORD_COLUMNS, parseEventRecord } from "./events.ts";
import { type Row, integer, oneOf, text, textOrNull } from "./rows.ts";
import { ABOVE_ALL_IDS, type Filters, type PageQuery, conditionsOf, findRow, numbered } from "./tables.ts";

/** An event as the API shows it; `content` is null where the body that it was kept in is gone. */
export type ListedEvent = EventRecord & {
  readonly content: EventContent | null;
  /** Whether somebody has had its content erased. */
  readonly is_erased: boolean;
  /** The alert as the event left it. */
  readonly alert: AlertSnapshot | null;
  /** How many destinations are owed it in a group. */
  readonly grouped: number;
};

/** What `parseListed` reads beside the content. */
const LISTED_COLUMNS = `${RECORD_COLUMNS}, alert, grouped`;

function parseListed(row: Row, content: EventContent | null): ListedEvent {
  const alert: AlertSnapshot | null = JSON.parse(textOrNull(row, "alert") ?? "null");
  const is_erased = text(row, "content") === JSON.stringify(ERASED_COLUMN);
  return { ...parseEventRecord(row), content, is_erased, alert, grouped: integer(row, "grouped") };
}

/** Nobody is owed it, by itself or in a group, although there was something to tell. */
const UNROUTED = "CASE WHEN type IS NOT NULL AND deliveries = '[]' AND grouped = 0 THEN 'true' ELSE 'false' END";

function eventColumn(filter: string): string {
  return filter === "unrouted" ? UNROUTED : filter;
}

/** A page stops before its contents come to more than this many characters, but is never empty for that. */
const MOST_CHARACTERS_A_PAGE = 8_000_000;

export type ListedPage<T> = { readonly rows: readonly T[]; readonly more: boolean };

type Loaded = { readonly content: EventContent | null; readonly characters: number };

async function loadContent(bodies: R2Bucket, row: Row): Promise<Loaded> {
  const columnText = text(row, "content");
  const column: ContentColumn = JSON.parse(columnText);
  if (!("stored_at" in column)) return { content: column, characters: columnText.length };
  const message = await readStoredMessage(bodies, column.stored_at);
  return { content: message?.content ?? null, characters: message?.content.request.body.length ?? 0 };
}

/** Contents of up to this many bytes come with their row; longer ones are read once it is known that they fit the page. */
const MOST_BYTES_AT_ONCE = 16_000;

/** The first rows of a page, as many as fit it by their contents; one always does. */
function fitting(rows: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += integer(row, "bytes");
    return bytes > MOST_CHARACTERS_A_PAGE;
  });
  return end < 0 ? rows : rows.slice(0, Math.max(1, end));
}

/** The longer contents of rows, by event id. */
async function readLongContents(db: D1Database, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const ids = rows.filter((row) => row["content"] === null).map((row) => text(row, "id"));
  if (ids.length === 0) return new Map();
  const { results } = await db
    .prepare("SELECT id, content FROM events WHERE id IN (SELECT value FROM json_each(?))")
    .bind(JSON.stringify(ids))
    .all<Row>();
  return new Map(results.map((row) => [text(row, "id"), text(row, "content")]));
}

/** Events, newest first. A page may be shorter than asked for where bodies are large, and there may still be more. */
export async function listEvents(
  env: StoresOfEvents,
  page: PageQuery,
  filters: Filters,
): Promise<ListedPage<ListedEvent>> {
  const { sql, values } = conditionsOf(filters, eventColumn);
  // No window functions: each of their passes would be billed as so many rows read.
  const query = `
    SELECT ${LISTED_COLUMNS}, OCTET_LENGTH(content) AS bytes,
      CASE WHEN OCTET_LENGTH(content) <= ?3 THEN content END AS content
    FROM events WHERE id < ?1${numbered(sql, 4)} ORDER BY id DESC LIMIT ?2`;
  const { results } = await env.DB.prepare(query)
    .bind(page.before ?? ABOVE_ALL_IDS, page.limit + 1, MOST_BYTES_AT_ONCE, ...values)
    .all<Row>();
  const wanted = fitting(results.slice(0, page.limit));
  const long = await readLongContents(env.DB, wanted);
  const rows: ListedEvent[] = [];
  let characters = 0;
  let seen = 0;
  for (const row of wanted) {
    const content = row["content"] ?? long.get(text(row, "id"));
    // One that was pruned in between is not shown.
    if (content !== undefined) {
      const whole = { ...row, content };
      const loaded = await loadContent(env.BODIES, whole);
      characters += loaded.characters;
      if (rows.length > 0 && characters > MOST_CHARACTERS_A_PAGE) break;
      rows.push(parseListed(whole, loaded.content));
    }
    seen += 1;
  }
  return { rows, more: results.length > seen };
}

/** Where events are kept: their rows, and the bodies that are too large for a row. */
export type StoresOfEvents = { readonly DB: D1Database; readonly BODIES: R2Bucket };

export async function findEvent(env: StoresOfEvents, id: string): Promise<ListedEvent | null> {
  const row = await findRow(env.DB, "events", id);
  if (row === null) return null;
  const { content } = await loadContent(env.BODIES, row);
  return parseListed(row, content);
}

function parseAlert(row: Row): Alert {
  const fields: AlertFields = JSON.parse(text(row, "fields"));
  return {
    ...fields,
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

/** Alerts, newest first. A page may be shorter than asked for where descriptions are large, and there may still be more. */
export async function listAlerts(db: D1Database, page: PageQuery, filters: Filters): Promise<ListedPage<Alert>> {
  const { sql, values } = conditionsOf(filters);
  const query = `
    SELECT * FROM (
      SELECT *, COUNT(*) OVER () AS matching,
        SUM(LENGTH(fields)) OVER (ORDER BY id DESC) - LENGTH(fields) AS characters_before
      FROM (SELECT * FROM alerts WHERE id < ?1${numbered(sql, 4)} ORDER BY id DESC LIMIT ?2))
    WHERE characters_before < ?3 ORDER BY id DESC LIMIT ?2 - 1`;
  const { results } = await db
    .prepare(query)
    .bind(page.before ?? ABOVE_ALL_IDS, page.limit + 1, MOST_CHARACTERS_A_PAGE, ...values)
    .all<Row>();
  const [first] = results;
  return { rows: results.map(parseAlert), more: first !== undefined && integer(first, "matching") > results.length };
}

/** The key in a namespace that an alert is about; null where there is no such alert. */
export async function findAlertKey(db: D1Database, id: string): Promise<HistoryKey | null> {
  const row = await findRow(db, "alerts", id);
  return row === null ? null : { namespace: text(row, "namespace"), key: text(row, "key") };
}

export async function findAlert(db: D1Database, id: string): Promise<Alert | null> {
  const row = await findRow(db, "alerts", id);
  return row === null ? null : parseAlert(row);
}

function parseDelivery(row: Row): Delivery {
  const delivery: Delivery = JSON.parse(text(row, "delivery"));
  return delivery;
}

/** A delivery's id starts with its event's time, so that this order is the events' order too. */
const DELIVERIES = "FROM events e, json_each(e.deliveries) d";

const COLUMN_OF_EVENT: Readonly<Record<string, string>> = { event_id: "e.id", integration_id: "e.integration_id" };

function deliveryColumn(filter: string): string {
  return COLUMN_OF_EVENT[filter] ?? `d.value->>'$.${filter}'`;
}

/** Filters that look at each delivery; others choose events. */
const LOOKS_INSIDE: readonly string[] = ["status", "destination_id"];

/** Lists of deliveries of up to this many bytes come with their event; longer ones are read one by one. */
const MOST_BYTES_OF_LIST = 20_000;

async function deliveriesOf(db: D1Database, row: Row): Promise<readonly Delivery[]> {
  const given = textOrNull(row, "deliveries");
  const list =
    given ?? (await db.prepare("SELECT deliveries FROM events WHERE id = ?").bind(text(row, "id")).first("deliveries"));
  const parsed: readonly Delivery[] = typeof list === "string" ? JSON.parse(list) : [];
  return parsed.toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

/** Deliveries by their events: a row read is a row shown, or more than one. */
async function listByEvent(db: D1Database, page: PageQuery, filters: Filters): Promise<Delivery[]> {
  const { sql, values } = conditionsOf(filters, deliveryColumn);
  const query = `
    SELECT id, CASE WHEN OCTET_LENGTH(deliveries) <= ?3 THEN deliveries END AS deliveries FROM events e
    WHERE e.id <= ?1 AND e.deliveries <> '[]'${numbered(sql, 4)} ORDER BY e.id DESC LIMIT ?2`;
  const before = page.before ?? ABOVE_ALL_IDS;
  const lastEvent = page.before === null ? ABOVE_ALL_IDS : eventIdOf(page.before);
  // Each has a delivery at least, but for the one that the last page ended in.
  const { results } = await db
    .prepare(query)
    .bind(lastEvent, page.limit + 2, MOST_BYTES_OF_LIST, ...values)
    .all<Row>();
  const listed: Delivery[] = [];
  for (const row of results) {
    if (listed.length > page.limit) break;
    for (const delivery of await deliveriesOf(db, row)) if (delivery.id < before) listed.push(delivery);
  }
  return listed.slice(0, page.limit + 1);
}

/** Newest first, with one more than the page's limit where there are more. */
export async function listDeliveries(db: D1Database, page: PageQuery, filters: Filters): Promise<Delivery[]> {
  if (LOOKS_INSIDE.every((name) => filters[name] === undefined)) return await listByEvent(db, page, filters);
  const { sql, values } = conditionsOf(filters, deliveryColumn);
  const query = `
    SELECT d.value AS delivery ${DELIVERIES}
    WHERE e.id <= ?1 AND d.value->>'$.id' < ?2${numbered(sql, 4)}
    ORDER BY e.id DESC, d.value->>'$.id' DESC LIMIT ?3`;
  const lastEvent = page.before === null ? ABOVE_ALL_IDS : eventIdOf(page.before);
  const { results } = await db
    .prepare(query)
    .bind(lastEvent, page.before ?? ABOVE_ALL_IDS, page.limit + 1, ...values)
    .all<Row>();
  return results.map(parseDelivery);
}

export async function findDelivery(db: D1Database, id: string): Promise<Delivery | null> {
  const row = await db
    .prepare(`SELECT d.value AS delivery ${DELIVERIES} WHERE e.id = ?1 AND d.value->>'$.id' = ?2`)
    .bind(eventIdOf(id), id)
    .first<Row>();
  return row === null ? null : parseDelivery(row);
}
