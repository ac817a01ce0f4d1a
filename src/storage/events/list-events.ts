import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import type { EventContent, EventRecord } from "../../model/event.ts";
import {
  MAX_TITLED_CONTENT_BYTES,
  NO_TITLES,
  type Titles,
  titleOfAlert,
  titlesOfAlert,
  titlesOfContent,
} from "../../model/event-title.ts";
import { openerOf } from "../../model/ids.ts";
import { readLoneAlerts } from "../alerts/lone-alerts.ts";
import { readStoredMessage } from "./content.ts";
import { LOG_END, cursorAt, cursorAtTime, decodeCursor, encodeCursor } from "./cursor.ts";
import { findRow, readColdRows } from "./cold/find.ts";
import { addCold, mergeHotAndCold } from "./cold/merge.ts";
import { type EventFilters, canMatchEvents, isMatchingHead, matchingEvents } from "./event-filters.ts";
import { type ContentColumn, ERASED_CONTENT, RECORD_COLUMNS, parseEventRecord } from "./event-row.ts";
import { searchHours } from "./search-hours.ts";
import { comparer, searchEventText } from "./search-text.ts";
import { type TimeRange, boundsOfRange } from "./time-range.ts";
import { type ListedPage, type Selected, maxCharactersOf, readPage, readSearchPage } from "../pages.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, text } from "../rows.ts";
import { ANYTHING, type Condition, anyOf, maxScannedOf, search } from "../search.ts";
import type { PageQuery } from "../tables.ts";

/** An event as the API shows it. `content` is null if it was in R2 and is gone. */
export type ListedEvent = EventRecord &
  Titles & {
    readonly content: EventContent | null;
    /** Whether the content was erased on request. */
    readonly is_erased: boolean;
    /** The alert as the event left it. */
    readonly alert: AlertSnapshot | null;
    /** The number of destinations that receive the event within a group. */
    readonly grouped: number;
  };

/** The columns that `parseListed` reads, without the content. */
const LISTED_COLUMNS = `${RECORD_COLUMNS}, alert, grouped`;

const encoder = new TextEncoder();

/** Returns the titles that `parseTitles` finds. */
function titlesOf(row: Row, alert: AlertSnapshot | null): Titles {
  if (alert !== null) return titlesOfAlert(titleOfAlert(alert));
  const stored = text(row, "content");
  if (stored.length > MAX_TITLED_CONTENT_BYTES) return NO_TITLES;
  if (encoder.encode(stored).byteLength > MAX_TITLED_CONTENT_BYTES) return NO_TITLES;
  const column = fromColumn<ContentColumn>(row, "content");
  return "stored_at" in column ? NO_TITLES : titlesOfContent(column);
}

function parseListed(row: Row, content: EventContent | null): ListedEvent {
  const alert = fromColumnOrNull<AlertSnapshot>(row, "alert");
  const is_erased = text(row, "content") === JSON.stringify(ERASED_CONTENT);
  const grouped = integer(row, "grouped");
  return { ...parseEventRecord(row), content, is_erased, alert, grouped, ...titlesOf(row, alert) };
}

type Loaded = { readonly content: EventContent | null; readonly characters: number };

async function loadContent(bodies: R2Bucket, row: Row): Promise<Loaded> {
  const column = fromColumn<ContentColumn>(row, "content");
  if (!("stored_at" in column)) return { content: column, characters: text(row, "content").length };
  const message = await readStoredMessage(bodies, column.stored_at);
  return { content: message?.content ?? null, characters: message?.content.request.body.length ?? 0 };
}

/** The part of the log that an alert's events are in: from its opener to the last event that changed it. */
type Range = { readonly opener: string; readonly end: string };

function within(bounds: ReturnType<typeof boundsOfRange>, { opener, end }: Range): typeof bounds {
  const { start, floor } = bounds;
  return { start: end < start ? end : start, floor: opener > floor ? opener : floor };
}

async function rangeOf(db: ShardDatabase, alertId: string): Promise<Range> {
  const row = await db.prepare("SELECT updated_at FROM alerts WHERE id = ?").bind(alertId).first<Row>();
  const [lone] = row === null ? await readLoneAlerts(db, [alertId]) : [];
  const updatedAt = row === null ? lone?.updated_at : text(row, "updated_at");
  const end = updatedAt === undefined ? LOG_END : cursorAtTime(Date.parse(updatedAt) + 1);
  return { opener: openerOf(alertId), end: end.id };
}

const LISTED_EVENTS: Selected = { table: "events", columns: LISTED_COLUMNS, long: "content" };

type Bounds = ReturnType<typeof boundsOfRange>;

async function readHotEvents(
  stores: EventStores,
  page: PageQuery,
  { text: needle, ...filters }: Omit<EventFilters, keyof TimeRange>,
  { start, floor }: Bounds,
  maxRows: number,
): Promise<ListedPage<Row>> {
  const { db } = stores.shard;
  const matching = matchingEvents(filters);
  if (matching === ANYTHING && needle === undefined) {
    return await readPage(db, LISTED_EVENTS, { sql: "id < ? AND id >= ?", values: [start, floor] }, page, null);
  }
  const what = { from: "events", among: ANYTHING, matching };
  const wanted = page.limit + 1;
  const among: Condition = { sql: "id >= ?", values: [floor] };
  if (needle !== undefined) {
    const texts = await searchEventText(stores, { ...what, among }, needle, start, wanted, maxRows);
    return await readSearchPage(db, LISTED_EVENTS, texts, page);
  }
  const found =
    filters.integration_id === undefined
      ? await search(db, { ...what, among }, start, wanted, maxRows)
      : await searchHours(db, what, filters.integration_id, { start, floor }, wanted, maxRows);
  return await readSearchPage(db, LISTED_EVENTS, found, page);
}

async function readEvents(
  stores: EventStores,
  page: PageQuery,
  { from_ms, to_ms, ...filters }: EventFilters,
  maxRows: number,
): Promise<ListedPage<Row>> {
  const ofTime = boundsOfRange({ from_ms, to_ms }, decodeCursor(page.before, LOG_END).id);
  const bounds =
    filters.alert_id === undefined ? ofTime : within(ofTime, await rangeOf(stores.shard.db, filters.alert_id));
  const hot = await readHotEvents(stores, page, filters, bounds, maxRows);
  const { text: needle, ...columns } = filters;
  return await addCold(stores, hot, page.limit, {
    ...bounds,
    wanted: page.limit + 1,
    max_characters: maxCharactersOf(page),
    canMatch: (segment) => canMatchEvents(segment, columns),
    matches: (head) => isMatchingHead(head, columns),
    compare: needle === undefined ? null : comparer(stores, needle),
    columns: "all",
  });
}

/**
 * Returns events, newest first. A page may hold fewer events than `limit` if bodies are large, or if it is filtered: it scans at
 * most `maxRows` events then. It may be empty and still have a `next`.
 */
export async function listEvents(
  stores: EventStores,
  page: PageQuery,
  filters: EventFilters,
  maxRows: number = maxScannedOf(page),
): Promise<ListedPage<ListedEvent>> {
  return await loadPage(stores, await readEvents(stores, page, filters, maxRows), page);
}

/** Returns the recorded ones of these events, newest first: as many as fit a page. */
export async function listEventsById(
  stores: EventStores,
  ids: readonly string[],
  page: PageQuery,
): Promise<ListedPage<ListedEvent>> {
  const hot = await readPage(stores.shard.db, LISTED_EVENTS, anyOf(ids), page, null);
  const found = new Set(hot.rows.map((row) => text(row, "id")));
  const missing = ids.filter((id) => !found.has(id) && (hot.next === null || id >= hot.next));
  const cold = { rows: [...(await readColdRows(stores, missing)).values()], next: null };
  return await loadPage(stores, mergeHotAndCold(hot, cold, page.limit), page);
}

/** Loads the contents of rows, as many as fit a page. */
async function loadPage(stores: EventStores, read: ListedPage<Row>, page: PageQuery): Promise<ListedPage<ListedEvent>> {
  const rows: ListedEvent[] = [];
  let characters = 0;
  for (const row of read.rows) {
    const loaded = await loadContent(stores.bodies, row);
    characters += loaded.characters;
    const last = rows.at(-1);
    if (last !== undefined && characters > maxCharactersOf(page)) {
      return { rows, next: encodeCursor(cursorAt(last.id)) };
    }
    rows.push(parseListed(row, loaded.content));
  }
  return { rows, next: read.next === null ? null : encodeCursor(cursorAt(read.next)) };
}

/** Returns an event with its content, or null if there is none with this id. */
export async function findEvent(stores: EventStores, id: string): Promise<ListedEvent | null> {
  const row = await findRow(stores, `${LISTED_COLUMNS}, content`, id);
  if (row === null) return null;
  const { content } = await loadContent(stores.bodies, row);
  return parseListed(row, content);
}
