import type { Attempt, Delivery } from "../../model/delivery.ts";
import { deliveryIdOf } from "../../model/ids.ts";

// The short form of deliveries in a row (docs/decisions/0038-short-rows.md). A delivery that was delivered and never replayed is a
// list: [1, destination_id, route_id, created_at, updated_at, attempts]. Each of its attempts is [at, status, duration_ms, response_body, error],
// without what is null at its end. `created_at` is in ms since 1970, the other times are in ms after it. Everything else is derived.
// Other deliveries are objects, as the API shows them, so that what is pending or dead is found by its words.

/** The forms in which rows are written: the full one, which all releases read, or the short one. */
export type RowForm = "full" | "short";

type ShortAttempt = readonly [
  at: number,
  status: number | null,
  duration_ms: number,
  body?: string | null,
  error?: string | null,
];

export type ShortDelivery = readonly [
  version: 1,
  destination_id: string,
  route_id: string | null,
  created_at: number,
  updated_at: number,
  attempts: readonly ShortAttempt[],
];

/** The begin of a delivery in the short form, which appears nowhere else: a quotation mark inside a text is escaped in JSON. */
export const SHORT_START = '[1,"';

function shortTime(time: string): number | null {
  const ms = Date.parse(time);
  return Number.isInteger(ms) && new Date(ms).toISOString() === time ? ms : null;
}

function shortAttempt(
  { number, at, status, duration_ms, response_body, error }: Attempt,
  index: number,
  created: number,
): ShortAttempt | null {
  const ms = shortTime(at);
  if (ms === null || number !== index + 1) return null;
  if (error !== null) return [ms - created, status, duration_ms, response_body, error];
  return response_body === null
    ? [ms - created, status, duration_ms]
    : [ms - created, status, duration_ms, response_body];
}

/** Returns a delivery in the short form, or null if that could not say everything. */
export function shortDelivery(delivery: Delivery): ShortDelivery | null {
  const { id, event_id, destination_id, route_id, replay_of, replayed_by, status, next_attempt_at, reason } = delivery;
  if (
    status !== "delivered" ||
    replay_of !== null ||
    replayed_by !== null ||
    next_attempt_at !== null ||
    reason !== null ||
    delivery.captured !== undefined
  )
    return null;
  if (id !== deliveryIdOf(event_id, destination_id)) return null;
  const created = shortTime(delivery.created_at);
  const updated = shortTime(delivery.updated_at);
  if (created === null || updated === null) return null;
  const attempts: ShortAttempt[] = [];
  for (const [index, each] of delivery.attempts.entries()) {
    const attempt = shortAttempt(each, index, created);
    if (attempt === null) return null;
    attempts.push(attempt);
  }
  return [1, destination_id, route_id, created, updated - created, attempts];
}

/** Returns the delivery of an event that the short form stands for. */
export function fullDelivery(
  eventId: string,
  [, destination_id, route_id, created, updated, attempts]: ShortDelivery,
): Delivery {
  const timeAfter = (ms: number): string => new Date(created + ms).toISOString();
  return {
    id: deliveryIdOf(eventId, destination_id),
    event_id: eventId,
    destination_id,
    route_id,
    replay_of: null,
    replayed_by: null,
    status: "delivered",
    attempts: attempts.map(([at, status, duration_ms, response_body = null, error = null], index) => ({
      number: index + 1,
      at: timeAfter(at),
      status,
      duration_ms,
      response_body,
      error,
    })),
    next_attempt_at: null,
    reason: null,
    created_at: timeAfter(0),
    updated_at: timeAfter(updated),
  };
}

function timeSql(ms: string): string {
  return `strftime('%Y-%m-%dT%H:%M:%fZ', (${ms}) / 1000.0, 'unixepoch')`;
}

/** SQL for an attempt `a` in the short form as an object, without its response body. */
const FULL_ATTEMPT = `json_object('number', a.key + 1, 'at', ${timeSql("s.value->>3 + a.value->>0")}, 'status', a.value->>1,
  'duration_ms', a.value->>2, 'error', a.value->>4)`;

/** Returns SQL for a delivery `s` in the short form as an object, without what is null. `id` is SQL for its event's id. */
function fullSql(id: string): string {
  return `json_object('id', 'dlv_' || substr(${id}, 5) || substr(s.value->>1, -16), 'event_id', ${id},
    'destination_id', s.value->>1, 'route_id', s.value->>2, 'status', 'delivered',
    'attempts', (SELECT json_group_array(${FULL_ATTEMPT}) FROM json_each(s.value, '$[5]') a),
    'created_at', ${timeSql("s.value->>3")}, 'updated_at', ${timeSql("s.value->>3 + s.value->>4")})`;
}

/** Returns SQL for a list of deliveries, given as SQL, with each of them as an object. `id` is SQL for their event's id. */
export function fullListSql(deliveries: string, id: string): string {
  return `CASE WHEN instr(${deliveries}, '${SHORT_START}') = 0 THEN ${deliveries} ELSE (
    SELECT json_group_array(json(CASE s.type WHEN 'array' THEN ${fullSql(id)} ELSE s.value END)) FROM json_each(${deliveries}) s) END`;
}
