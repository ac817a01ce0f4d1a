import type { Delivery, DeliveryStatus } from "../../model/delivery.ts";
import { type Row, fromColumn, text } from "../rows.ts";
import { type Condition, allOf } from "../search.ts";
import {
  type RowForm,
  SHORT_START,
  type ShortDelivery,
  fullDelivery,
  fullListSql,
  shortDelivery,
} from "./short-deliveries.ts";

// An event's deliveries are a JSON list in its row (docs/decisions/0001-deliveries-in-the-event-row.md). Only this module and
// short-deliveries.ts know how they are stored: they parse and bound the list, and make every SQL expression that looks into it. In the expressions, `event`
// is the name or alias of the table.

export type { RowForm };

type StoredDelivery = Omit<Delivery, "replayed_by"> & Partial<Pick<Delivery, "replayed_by">>;

function isShort(each: StoredDelivery | ShortDelivery): each is ShortDelivery {
  return Array.isArray(each);
}

/**
 * Returns an event's deliveries, from its `id` and `deliveries`. A list of the first version does not say which of them were
 * replayed.
 */
export function parseDeliveries(row: Row): readonly Delivery[] {
  const stored = fromColumn<readonly (StoredDelivery | ShortDelivery)[]>(row, "deliveries");
  const list = stored.map((each) => (isShort(each) ? fullDelivery(text(row, "id"), each) : each));
  return list.map(({ replayed_by, ...each }) => {
    const known = replayed_by === undefined ? list.findLast(({ replay_of }) => replay_of === each.id)?.id : replayed_by;
    return { ...each, replayed_by: known ?? null };
  });
}

/**
 * The most deliveries of an event, because its row must stay below the 2 MB that D1 allows. Recipients past it share one dead
 * delivery, and the event is not replayed again.
 */
export const MAX_DELIVERIES = 500;

/** The deliveries of one event, in bytes. The event's alert and content take up to half of the 2 MB that a row of D1 may have. */
const MAX_DELIVERIES_BYTES = 600_000;
/** Fewer attempts than this always fit: one takes about 10 KB at most. */
const MAX_UNCHECKED_ATTEMPTS = 50;

const encoder = new TextEncoder();

/** Returns a delivery without the response bodies of its attempts, except the last one with `keepLast`. */
export function withoutResponses(delivery: Delivery, keepLast: boolean): Delivery {
  const last = keepLast ? delivery.attempts.length : -1;
  const attempts = delivery.attempts.map((each) => (each.number === last ? each : { ...each, response_body: null }));
  return { ...delivery, attempts };
}

function withoutErrors(delivery: Delivery): Delivery {
  const attempts = delivery.attempts.map((each) =>
    each.number === delivery.attempts.length ? each : { ...each, error: null },
  );
  return { ...delivery, attempts };
}

/**
 * Returns the deliveries as a row can hold them. If they are too long, attempts lose their response bodies, the last ones last,
 * and then their errors, except the last one.
 */
export function boundDeliveries(deliveries: readonly Delivery[]): readonly Delivery[] {
  const fits = (list: readonly Delivery[]): boolean =>
    encoder.encode(JSON.stringify(list)).byteLength <= MAX_DELIVERIES_BYTES;
  const attempts = deliveries.reduce((sum, each) => sum + each.attempts.length, 0);
  if (attempts < MAX_UNCHECKED_ATTEMPTS || fits(deliveries)) return deliveries;
  const shorter = deliveries.map((each) => withoutResponses(each, true));
  if (fits(shorter)) return shorter;
  const shortest = deliveries.map((each) => withoutResponses(each, false));
  return fits(shortest) ? shortest : shortest.map(withoutErrors);
}

/** Returns the deliveries as a row holds them, bounded. */
export function storedDeliveries(
  deliveries: readonly Delivery[],
  form: RowForm,
): readonly (Delivery | ShortDelivery)[] {
  const bounded = boundDeliveries(deliveries);
  return form === "full" ? bounded : bounded.map((each) => shortDelivery(each) ?? each);
}

/** Maintenance rescues a pending delivery whose attempt is this late, in ms. */
const RESCUE_AFTER_MS = 60_000;

/** The rescue time of deliveries that wait for their destination to be resumed: never, and after all others. */
export const NEVER_RESCUED = Date.UTC(9999, 0);

/** Returns when maintenance must rescue an event's earliest pending delivery, in ms since 1970, or null if none is pending. */
export function rescueAt(deliveries: readonly Delivery[]): number | null {
  const pending = deliveries.filter(({ status }) => status === "pending");
  if (pending.length === 0) return null;
  const due = pending.flatMap(({ next_attempt_at: at }) => (at === null ? [] : [Date.parse(at) + RESCUE_AFTER_MS]));
  return Math.min(...due, NEVER_RESCUED);
}

/** Returns the SQL table of an event's deliveries; `value` of a row is a delivery, without its response bodies. It reads `id`, too. */
export function eachDelivery(event: string): string {
  return `json_each(${fullListSql(`${event}.deliveries`, `${event}.id`)})`;
}

/** Returns the SQL table of an event's deliveries as they are stored, some of them in the short form. */
function eachStored(event: string): string {
  return `json_each(${event}.deliveries)`;
}

// A list has no members and an object no items, so each of these is NULL for the other form.
/** SQL for the destination and the status of a delivery `d` as it is stored. */
const STORED_DESTINATION = "coalesce(d.value->>'$.destination_id', d.value->>1)";
const STORED_STATUS = "iif(d.type = 'array', 'delivered', d.value->>'$.status')";

/** Returns SQL for the JSON list of the destinations of an event's deliveries. */
export function destinationsOf(event: string): string {
  return `(SELECT json_group_array(${STORED_DESTINATION}) FROM ${eachStored(event)} d)`;
}

/** Returns SQL for the number of an event's deliveries. */
export function deliveryCount(event: string): string {
  return `json_array_length(${event}.deliveries)`;
}

/** Holds for a delivery `d` that is dead and was not replayed. */
const IS_OUTSTANDING = "d.value->>'$.status' = 'dead' AND d.value->>'$.replayed_by' IS NULL";

/** SQL for the status that a delivery `d` counts as: its replay counts in place of a dead one, which counts as cancelled. */
const COUNTED_STATUS = `
  CASE WHEN ${STORED_STATUS} <> 'dead' OR ${IS_OUTSTANDING} THEN ${STORED_STATUS} ELSE 'cancelled' END`;

/** Returns SQL for the number of an event's deliveries that count as a status; NULL if the event has no deliveries. */
export function statusCount(event: string, status: DeliveryStatus): string {
  return `(SELECT SUM(${COUNTED_STATUS} = '${status}') FROM ${eachStored(event)} d)`;
}

// SQLite knows the length of a column without reading it, and an empty list is two bytes.
/** SQL for the length of an event's list of deliveries. */
export const DELIVERIES_BYTES = "OCTET_LENGTH(deliveries)";
/** Holds for events with deliveries. */
export const HAS_DELIVERIES = `${DELIVERIES_BYTES} > 2`;
/** Holds for events without deliveries. */
export const HAS_NO_DELIVERIES = `${DELIVERIES_BYTES} = 2`;

/** Holds for events with a delivery of this status, and no others: a quotation mark inside a text is escaped in JSON. */
export function hasStatus(status: DeliveryStatus): string {
  const named = `instr(deliveries, '"status":"${status}"') > 0`;
  return status === "delivered" ? `(${named} OR instr(deliveries, '${SHORT_START}') > 0)` : named;
}

/** The events with a delivery of one status: the table to read, and the condition for its rows. */
export type EventsWithStatus = { readonly from: string; readonly condition: string };

/** Returns the events with such a delivery, by their index. SQLite uses it only if the query repeats its condition. */
export function eventsWithStatus(status: "dead" | "cancelled"): EventsWithStatus {
  return { from: `events INDEXED BY events_with_${status}`, condition: hasStatus(status) };
}

/** Holds for events with a pending delivery. */
export const HAS_PENDING = "rescue_at IS NOT NULL";
/** The ids of events with a pending delivery, by their index. */
export const PENDING_EVENT_IDS = `SELECT id FROM events INDEXED BY events_to_rescue WHERE ${HAS_PENDING}`;
/** The events with a pending delivery, by their ids. */
export const PENDING_EVENTS: EventsWithStatus = { from: "events", condition: `id IN (${PENDING_EVENT_IDS})` };

/** Returns the condition for events with a delivery to this destination. */
export function hasDestination(destinationId: string): Condition {
  return { sql: "instr(deliveries, ?) > 0", values: [JSON.stringify(destinationId)] };
}

/** Returns whether a delivery is dead and was not replayed. */
export function isOutstanding({ status, replayed_by }: Pick<Delivery, "status" | "replayed_by">): boolean {
  return status === "dead" && replayed_by === null;
}

/** Returns the condition for events with a delivery that a replay made: others have null in its place. */
export function hasReplay(): Condition {
  return { sql: `instr(deliveries, '"replay_of":"') > 0`, values: [] };
}

/**
 * Returns the condition for events whose newest delivery was not made before a time, and the oldest not after one, in ms since
 * 1970; undefined for no bound. New deliveries are added at the end of the list. A look into each of them would be billed as a row.
 */
export function hasCreated(fromMs: number | undefined, toMs: number | undefined): Condition {
  const bound = (place: string, operator: string, ms: number): Condition => ({
    sql: `coalesce(deliveries->>'$[${place}].created_at' ${operator} ?, deliveries->>'$[${place}][3]' ${operator} CAST(? AS INTEGER))`,
    values: [new Date(ms).toISOString(), String(ms)],
  });
  return allOf([
    ...(fromMs === undefined ? [] : [bound("#-1", ">=", fromMs)]),
    ...(toMs === undefined ? [] : [bound("0", "<=", toMs)]),
  ]);
}

/** What must hold for one delivery; what is undefined does not restrict. Times are in ms since 1970, and inclusive. */
export type OneDelivery = {
  readonly destination_id?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  readonly outstanding?: "true" | undefined;
  readonly replays?: "true" | "false" | undefined;
  readonly created_from_ms?: number | undefined;
  readonly created_to_ms?: number | undefined;
};

/** Returns the condition for a delivery `d` as it is stored that was made not before, or not after, a time. */
function isCreated(operator: "<=" | ">=", ms: number): Condition {
  return {
    sql: `coalesce(d.value->>'$.created_at' ${operator} ?, d.value->>3 ${operator} CAST(? AS INTEGER))`,
    values: [new Date(ms).toISOString(), String(ms)],
  };
}

/** Returns the condition for events with one delivery for which all of this holds. It parses the list, so cheaper ones come first. */
export function hasOne(what: OneDelivery): Condition {
  const { destination_id, status, outstanding, replays, created_from_ms, created_to_ms } = what;
  const all = allOf([
    ...(destination_id === undefined ? [] : [{ sql: `${STORED_DESTINATION} = ?`, values: [destination_id] }]),
    ...(status === undefined ? [] : [{ sql: `${STORED_STATUS} = ?`, values: [status] }]),
    ...(outstanding === undefined ? [] : [{ sql: IS_OUTSTANDING, values: [] }]),
    ...(replays === undefined
      ? []
      : [{ sql: `d.value->>'$.replay_of' IS ${replays === "true" ? "NOT NULL" : "NULL"}`, values: [] }]),
    ...(created_from_ms === undefined ? [] : [isCreated(">=", created_from_ms)]),
    ...(created_to_ms === undefined ? [] : [isCreated("<=", created_to_ms)]),
  ]);
  return { sql: `EXISTS (SELECT 1 FROM ${eachStored("events")} d WHERE ${all.sql})`, values: all.values };
}

/** Holds for events with a delivery that is pending for destination `?1`, and for the reason `?3` unless that is NULL. */
export const IS_PENDING_FOR = `EXISTS (
    SELECT 1 FROM ${eachStored("events")}
    WHERE value->>'$.destination_id' = ?1 AND value->>'$.status' = 'pending'
      AND (?3 IS NULL OR value->>'$.reason' = ?3))`;

/** Returns the condition for a delivery `p` that is pending for a destination, which is given as SQL. */
function isPendingFor(destination: string): string {
  return `p.value->>'$.destination_id' = ${destination} AND p.value->>'$.status' = 'pending'`;
}

/**
 * Returns SQL for when the next attempt of an event's pending delivery to a destination is due, the earliest if there are several: NULL
 * if none is pending, '' if one has no time. `destination` is SQL.
 */
export function pendingAt(event: string, destination: string): string {
  return `(SELECT MIN(coalesce(p.value->>'$.next_attempt_at', '')) FROM ${eachStored(event)} p
    WHERE ${isPendingFor(destination)})`;
}

/**
 * Returns what a query needs for an event's deliveries to a destination that are deferred for a reason beyond a time: their table, the
 * condition, and the id of each. `destination` and `after` are SQL.
 */
export function deferredFor(event: string, destination: string, reason: string, after: string) {
  return {
    from: `${eachStored(event)} p`,
    condition: `${isPendingFor(destination)} AND p.value->>'$.reason' = '${reason}' AND p.value->>'$.next_attempt_at' > ${after}`,
    id: "p.value->>'$.id'",
  };
}

/** A list of up to this many bytes is read with the ids of a page. Longer ones are read one by one. */
const MAX_INLINE_BYTES = 20_000;
/** The column for a page of deliveries: NULL if the list is long. */
export const INLINE_DELIVERIES = `CASE WHEN ${DELIVERIES_BYTES} <= ${MAX_INLINE_BYTES} THEN deliveries END AS deliveries`;
