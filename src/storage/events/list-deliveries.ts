import type { ShardDatabase } from "../../platform/shards.ts";
import type { Delivery, DeliveryStatus } from "../../model/delivery.ts";
import { deliveryIdOf, eventIdOf } from "../../model/ids.ts";
import { type EventsWith, eventsWith, hasStatus } from "./events-with.ts";
import type { ListedPage } from "./pages.ts";
import { type Row, fromColumn, integer, text } from "../rows.ts";
import {
  ANYTHING,
  COST_OF_LOOKUP,
  type Condition,
  MAX_LOOKED_AT,
  type Search,
  allOf,
  anyOf,
  columnsAre,
  justAbove,
  search,
} from "./search.ts";
import { ABOVE_ALL_IDS, type PageQuery } from "../tables.ts";

/** What a list of deliveries can be filtered by. */
export type DeliveryFilters = {
  readonly status?: DeliveryStatus | undefined;
  readonly destination_id?: string | undefined;
  readonly event_id?: string | undefined;
  readonly integration_id?: string | undefined;
};

// The length of a column is known without reading it, and an empty list is two bytes.
const SOME_DELIVERY = "OCTET_LENGTH(deliveries) > 2";
// Deliveries are looked at one by one only where several things have to hold for the same one.
const BOTH_OF_ONE = `EXISTS (
  SELECT 1 FROM json_each(deliveries) d WHERE d.value->>'$.destination_id' = ? AND d.value->>'$.status' = ?)`;

function toDestination({ destination_id, status }: DeliveryFilters): Condition {
  if (destination_id === undefined) return ANYTHING;
  const named: Condition = { sql: "instr(deliveries, ?) > 0", values: [JSON.stringify(destination_id)] };
  return status === undefined ? named : allOf([named, { sql: BOTH_OF_ONE, values: [destination_id, status] }]);
}

const IS_PENDING = "rescue_at IS NOT NULL";
const PENDING_EVENTS = `SELECT id FROM events INDEXED BY events_to_rescue WHERE ${IS_PENDING}`;

const PENDING: EventsWith = { from: "events", condition: `id IN (${PENDING_EVENTS})` };

/** Whether there are no more than so many events with something pending. */
async function areFewPending(db: ShardDatabase, most: number): Promise<boolean> {
  const query = `SELECT COUNT(*) AS pending FROM (${PENDING_EVENTS} LIMIT ?)`;
  const row = await db
    .prepare(query)
    .bind(most + 1)
    .first<Row>();
  return row !== null && integer(row, "pending") <= most;
}

type Bounded = { readonly what: Search; readonly most: number };

/** Where to look for events with such deliveries, and at how many of them at most; `most` are as many as may be read in order. */
async function placesOf(db: ShardDatabase, filters: DeliveryFilters, most: number): Promise<Bounded> {
  const { status, event_id, integration_id } = filters;
  const ofIntegration = columnsAre({ integration_id });
  const others = allOf([ofIntegration, toDestination(filters)]);
  const inOrder = (own: string): Bounded => {
    const matching = allOf([ofIntegration, { sql: own, values: [] }, toDestination(filters)]);
    return { what: { from: "events", among: ANYTHING, matching }, most };
  };
  const fewer = Math.ceil(most / COST_OF_LOOKUP);
  const byIndex = ({ from, condition }: EventsWith): Bounded => {
    const what: Search = { from, among: { sql: condition, values: [] }, matching: others };
    return { what, most: others === ANYTHING ? most : fewer };
  };
  if (event_id !== undefined) {
    return { what: { from: "events", among: columnsAre({ id: event_id }), matching: others }, most };
  }
  switch (status) {
    case "dead":
    case "cancelled":
      return byIndex(eventsWith(status));
    case "pending":
      return (await areFewPending(db, fewer)) ? byIndex(PENDING) : inOrder(IS_PENDING);
    case "delivered":
      return inOrder(hasStatus(status));
    case undefined:
      return inOrder(SOME_DELIVERY);
  }
}

/** Lists of deliveries of up to this many bytes come with their event; longer ones are read one by one. */
const MAX_BYTES_OF_LIST = 20_000;
const LISTED_COLUMNS = `id, CASE WHEN OCTET_LENGTH(deliveries) <= ${MAX_BYTES_OF_LIST} THEN deliveries END AS deliveries`;

/** Among so many events for each that is wanted there are mostly enough that have deliveries. */
const SPARE = 4;

// It stops as soon as it has enough, but does not say how far it came.
const NEWEST = `
  SELECT id, deliveries FROM (
    SELECT ${LISTED_COLUMNS}, ${SOME_DELIVERY} AS is_match FROM events WHERE id < ? ORDER BY id DESC LIMIT ?)
  WHERE is_match ORDER BY id DESC LIMIT ?`;
const CHOSEN = `SELECT ${LISTED_COLUMNS} FROM events WHERE ${anyOf([]).sql} ORDER BY id DESC`;

/** Events that have such deliveries. */
async function readEvents(
  db: ShardDatabase,
  below: string,
  wanted: number,
  filters: DeliveryFilters,
  most: number,
): Promise<ListedPage<Row>> {
  if (Object.values(filters).every((value) => value === undefined)) {
    const { results } = await db
      .prepare(NEWEST)
      .bind(below, Math.min(most, wanted * SPARE), wanted)
      .all<Row>();
    const last = results.at(wanted - 1);
    if (last !== undefined) return { rows: results, next: text(last, "id") };
  }
  const places = await placesOf(db, filters, most);
  const found = await search(db, places.what, below, wanted, places.most);
  if (found.ids.length === 0) return { rows: [], next: found.next };
  const { results } = await db
    .prepare(CHOSEN)
    .bind(...anyOf(found.ids).values)
    .all<Row>();
  return { rows: results, next: found.next };
}

async function deliveriesOf(db: ShardDatabase, row: Row): Promise<readonly Delivery[]> {
  const whole =
    row["deliveries"] === null
      ? await db.prepare("SELECT deliveries FROM events WHERE id = ?").bind(text(row, "id")).first<Row>()
      : row;
  const list = whole === null ? [] : fromColumn<readonly Delivery[]>(whole, "deliveries");
  return list.toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

/** A place in the list that is below all deliveries of an event, and above those of older ones. */
function placeBelow(eventId: string): string {
  return deliveryIdOf(eventId, "");
}

/** What only events with deliveries below a place in the list are below. */
function boundOf(before: string | null): string {
  if (before === null) return ABOVE_ALL_IDS;
  const eventId = eventIdOf(before);
  return before === placeBelow(eventId) ? eventId : justAbove(eventId);
}

/**
 * Deliveries, newest first: their ids start with their event's, so that they are in the events' order too. A page may be
 * shorter than asked for where those that match are rare: it looks at no more than `most` events.
 */
export async function listDeliveries(
  db: ShardDatabase,
  { limit, before }: PageQuery,
  filters: DeliveryFilters,
  most: number = MAX_LOOKED_AT,
): Promise<ListedPage<Delivery>> {
  const { status, destination_id } = filters;
  // Each event has a delivery at least, but for the one that the last page ended in.
  const read = await readEvents(db, boundOf(before), limit + 2, filters, most);
  const listed: Delivery[] = [];
  for (const row of read.rows) {
    if (listed.length > limit) break;
    for (const delivery of await deliveriesOf(db, row)) {
      if (before !== null && delivery.id >= before) continue;
      if (status !== undefined && delivery.status !== status) continue;
      if (destination_id !== undefined && delivery.destination_id !== destination_id) continue;
      listed.push(delivery);
    }
  }
  const rows = listed.slice(0, limit);
  const last = rows.at(-1);
  if (last !== undefined && rows.length < listed.length) return { rows, next: last.id };
  return { rows, next: read.next === null ? null : placeBelow(read.next) };
}

export async function findDelivery(db: ShardDatabase, id: string): Promise<Delivery | null> {
  const row = await db.prepare("SELECT id, deliveries FROM events WHERE id = ?").bind(eventIdOf(id)).first<Row>();
  if (row === null) return null;
  return (await deliveriesOf(db, row)).find((delivery) => delivery.id === id) ?? null;
}
