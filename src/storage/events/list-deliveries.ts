import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { Delivery } from "../../model/delivery.ts";
import { eventIdOf } from "../../model/ids.ts";
import {
  LOG_END,
  type LogCursor,
  cursorAt,
  cursorBelowDeliveriesOf,
  decodeCursor,
  encodeCursor,
  eventAt,
} from "./cursor.ts";
import {
  type EventsWithStatus,
  HAS_DELIVERIES,
  HAS_PENDING,
  INLINE_DELIVERIES,
  PENDING_EVENTS,
  PENDING_EVENT_IDS,
  eventsWithStatus,
  hasStatus,
  parseDeliveries,
} from "./deliveries-column.ts";
import { findRow } from "./cold/find.ts";
import { addCold } from "./cold/merge.ts";
import { type DeliveryFilters, canMatchDeliveries, hasListed, isListed, isListedHead } from "./delivery-filters.ts";
import { searchHours } from "./search-hours.ts";
import { comparer, searchEventText } from "./search-text.ts";
import { boundsOfRange } from "./time-range.ts";
import { TITLE_COLUMNS, parseTitles, withTitleColumns } from "./title-columns.ts";
import { type ListedPage, maxCharactersOf } from "../pages.ts";
import type { Titles } from "../../model/event-title.ts";
import { MESSAGE_TYPES, type MessageType } from "../../model/event.ts";
import { type Row, integer, oneOf, text } from "../rows.ts";
import {
  ANYTHING,
  type Condition,
  LOOKUP_COST,
  maxScannedOf,
  type Search,
  allOf,
  anyOf,
  columnsAre,
  justAbove,
  search,
} from "../search.ts";
import type { PageQuery } from "../tables.ts";

/** A delivery with what its event is. */
export type ListedDelivery = Delivery &
  Titles & {
    readonly event_type: MessageType | null;
    readonly integration_id: string;
  };

/** Returns whether at most `max` events have a pending delivery. */
async function areFewPending(db: ShardDatabase, max: number): Promise<boolean> {
  const query = `SELECT COUNT(*) AS pending FROM (${PENDING_EVENT_IDS} LIMIT ?)`;
  const row = await db
    .prepare(query)
    .bind(max + 1)
    .first<Row>();
  return row !== null && integer(row, "pending") <= max;
}

/** `concerned`: the integration or destination that the events concern, if they are searched in order. */
type BoundedSearch = { readonly what: Search; readonly maxRows: number; readonly concerned: string | null };

/** Returns how to search for events with such deliveries. `maxRows` bounds a scan in order; a search by an index is shorter. */
async function searchFor(db: ShardDatabase, filters: DeliveryFilters, maxRows: number): Promise<BoundedSearch> {
  const { status, outstanding, destination_id, event_id, integration_id, event_type } = filters;
  const ofEvent = columnsAre({ integration_id, type: event_type });
  const ofDelivery = hasListed(filters);
  const others = allOf([ofEvent, ofDelivery]);
  const inOrder = (own: string): BoundedSearch => {
    const matching = allOf([ofEvent, { sql: own, values: [] }, ofDelivery]);
    const concerned = destination_id ?? integration_id ?? null;
    return { what: { from: "events", among: ANYTHING, matching }, maxRows, concerned };
  };
  const maxLookups = Math.ceil(maxRows / LOOKUP_COST);
  const byIndex = ({ from, condition }: EventsWithStatus): BoundedSearch => {
    const among: Condition = { sql: condition, values: [] };
    const what = { from, among, matching: others };
    return { what, maxRows: others === ANYTHING ? maxRows : maxLookups, concerned: null };
  };
  if (event_id !== undefined) {
    return {
      what: { from: "events", among: columnsAre({ id: event_id }), matching: others },
      maxRows,
      concerned: null,
    };
  }
  switch (outstanding === undefined ? status : "dead") {
    case "dead":
      return byIndex(eventsWithStatus("dead"));
    case "cancelled":
      return byIndex(eventsWithStatus("cancelled"));
    case "pending":
      return (await areFewPending(db, maxLookups)) ? byIndex(PENDING_EVENTS) : inOrder(HAS_PENDING);
    case "delivered":
      return inOrder(hasStatus("delivered"));
    case undefined:
      return inOrder(HAS_DELIVERIES);
  }
}

const EVENT_COLUMNS = `id, integration_id, type, ${TITLE_COLUMNS}`;
const LISTED_COLUMNS = `${EVENT_COLUMNS}, ${INLINE_DELIVERIES}`;

/** For a page without filters, this many events per wanted one are scanned. Most pages are full after that. */
const SCAN_FACTOR = 4;

// It stops as soon as it has enough rows, but does not tell how far it came.
const NEWEST = `
  SELECT id, integration_id, type, alert_start, short_content, deliveries FROM (
    SELECT ${LISTED_COLUMNS}, ${HAS_DELIVERIES} AS is_match FROM events WHERE id < ? AND id >= ?
    ORDER BY id DESC LIMIT ?)
  WHERE is_match ORDER BY id DESC LIMIT ?`;
const CHOSEN = `SELECT ${LISTED_COLUMNS} FROM events WHERE ${anyOf([]).sql} ORDER BY id DESC`;

/** Returns a row with what titles are made of: rows of segments are whole. */
function titled(row: Row): Row {
  return "alert_start" in row ? row : withTitleColumns(row);
}

type Bounds = ReturnType<typeof boundsOfRange>;

async function readHotEvents(
  stores: EventStores,
  { start, floor }: Bounds,
  wanted: number,
  filters: DeliveryFilters,
  maxRows: number,
): Promise<ListedPage<Row>> {
  const { db } = stores.shard;
  if (Object.values(filters).every((value) => value === undefined)) {
    const { results } = await db
      .prepare(NEWEST)
      .bind(start, floor, Math.min(maxRows, wanted * SCAN_FACTOR), wanted)
      .all<Row>();
    const last = results.at(wanted - 1);
    if (last !== undefined) return { rows: results, next: text(last, "id") };
  }
  const { what, concerned, maxRows: most } = await searchFor(db, filters, maxRows);
  const among = allOf([what.among, { sql: "id >= ?", values: [floor] }]);
  const found =
    filters.text !== undefined
      ? await searchEventText(stores, { ...what, among }, filters.text, start, wanted, most)
      : concerned === null
        ? await search(db, { ...what, among }, start, wanted, most)
        : await searchHours(db, what, concerned, { start, floor }, wanted, most);
  if (found.ids.length === 0) return { rows: [], next: found.next };
  const { results } = await db
    .prepare(CHOSEN)
    .bind(...anyOf(found.ids).values)
    .all<Row>();
  return { rows: results, next: found.next };
}

/** Returns the bounds of the events in which segments are searched: the event itself if it is named. */
function coldBounds({ start, floor }: Bounds, eventId: string | undefined): Bounds {
  if (eventId === undefined) return { start, floor };
  const above = justAbove(eventId);
  return { start: above < start ? above : start, floor: eventId > floor ? eventId : floor };
}

/** Returns a page of the events that have such deliveries. */
async function readEvents(
  stores: EventStores,
  page: PageQuery,
  below: string,
  wanted: number,
  { from_ms, to_ms, ...filters }: DeliveryFilters,
  maxRows: number,
): Promise<ListedPage<Row>> {
  const bounds = boundsOfRange({ from_ms, to_ms }, below);
  const hot = await readHotEvents(stores, bounds, wanted, filters, maxRows);
  const { rows, next } = await addCold(stores, hot, wanted, {
    ...coldBounds(bounds, filters.event_id),
    wanted,
    max_characters: maxCharactersOf(page),
    canMatch: (segment) => canMatchDeliveries(segment, filters),
    matches: (head) => isListedHead(head, filters),
    compare: filters.text === undefined ? null : comparer(stores, filters.text),
    columns: "all",
  });
  return { rows: rows.map(titled), next };
}

async function deliveriesOf(db: ShardDatabase, row: Row): Promise<readonly ListedDelivery[]> {
  const whole =
    row["deliveries"] === null
      ? await db.prepare("SELECT id, deliveries FROM events WHERE id = ?").bind(text(row, "id")).first<Row>()
      : row;
  const list = whole === null ? [] : parseDeliveries(whole);
  const event_type = row["type"] === null ? null : oneOf(row, "type", MESSAGE_TYPES);
  const titles = parseTitles(row);
  const integration_id = text(row, "integration_id");
  return list
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .map((delivery) => ({ ...delivery, event_type, ...titles, integration_id }));
}

/** Returns the bound of the ids of events that have deliveries below a position. */
function eventsBelow(cursor: LogCursor): string {
  if (cursor === LOG_END) return LOG_END.id;
  const event = eventAt(cursor);
  return event.isBelow ? event.id : justAbove(event.id);
}

/**
 * Returns deliveries, newest first. Their ids start with their event's id, so they are in the order of the events too. A filtered
 * page scans at most `maxRows` events. It may hold fewer deliveries than `limit`, even none, and still have a `next`.
 */
export async function listDeliveries(
  stores: EventStores,
  page: PageQuery,
  filters: DeliveryFilters,
  maxRows: number = maxScannedOf(page),
): Promise<ListedPage<ListedDelivery>> {
  const { db } = stores.shard;
  const { limit, before } = page;
  const cursor = decodeCursor(before, LOG_END);
  // Each event has at least one delivery on the page, except the event in which the last page ended.
  const read = await readEvents(stores, page, eventsBelow(cursor), limit + 2, filters, maxRows);
  const listed: ListedDelivery[] = [];
  for (const row of read.rows) {
    if (listed.length > limit) break;
    for (const delivery of await deliveriesOf(db, row)) {
      if (delivery.id < cursor.id && isListed(delivery, filters)) listed.push(delivery);
    }
  }
  const rows = listed.slice(0, limit);
  const last = rows.at(-1);
  if (last !== undefined && rows.length < listed.length) return { rows, next: encodeCursor(cursorAt(last.id)) };
  return { rows, next: read.next === null ? null : encodeCursor(cursorBelowDeliveriesOf(read.next)) };
}

/** Returns a delivery, or null if there is none with this id. */
export async function findDelivery(stores: EventStores, id: string): Promise<ListedDelivery | null> {
  const row = await findRow(stores, `${EVENT_COLUMNS}, deliveries`, eventIdOf(id));
  if (row === null) return null;
  return (await deliveriesOf(stores.shard.db, titled(row))).find((delivery) => delivery.id === id) ?? null;
}
