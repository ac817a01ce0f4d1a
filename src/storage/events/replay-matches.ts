import type { EventStores } from "../../platform/shards.ts";
import { eventIdOf, replaySuffixOf } from "../../model/ids.ts";
import type { Replay, ReplayFilter } from "../../model/replay.ts";
import { LOG_START, cursorAt, cursorAtTime, decodeCursor, encodeCursor } from "./cursor.ts";
import {
  type EventsWithStatus,
  MAX_DELIVERIES,
  deliveryCount,
  eachDelivery,
  eventsWithStatus,
} from "./deliveries-column.ts";
import { type ColdReplay, countColdMatches, readColdDeliveries, readColdMatches } from "./cold/replay-matches.ts";
import { ERASED_CONTENT } from "./event-row.ts";
import { type Row, integer, text } from "../rows.ts";

// The deliveries that a bulk replay repeats, oldest event first. A replay's `position` is the text of a log cursor.

/** Returns the events that may match: by their ids if the filter names deliveries, by an index if their status is rare. */
function candidatesOf({ status, delivery_ids }: ReplayFilter): EventsWithStatus {
  // A statement must use each value that is bound to it.
  if (delivery_ids !== null) return { from: "events", condition: "id IN (SELECT value FROM json_each(?4))" };
  const [only, ...others] = status;
  const isRare = others.length === 0 && (only === "dead" || only === "cancelled");
  const { from, condition } = isRare ? eventsWithStatus(only) : { from: "events", condition: "true" };
  return { from, condition: `${condition} AND ?4 IS NULL` };
}

/** Returns SQL for the next events that a replay reads. */
function windowOf(filter: ReplayFilter): string {
  const { from, condition } = candidatesOf(filter);
  return `
    SELECT id, integration_id, type, deliveries, octet_length(content) AS content_bytes
    FROM ${from} WHERE id > ?1 AND id < ?2 AND ${condition} ORDER BY id LIMIT ?3`;
}

/** The number of values that `windowOf` uses. */
const WINDOW_BINDINGS = 4;

// Of an event's deliveries to one destination only the last matches: a replay represents the delivery that it repeats. Deliveries
// that an unfinished step of the same replay has made do not count.
const matchesOf = (filter: ReplayFilter): string => `
  FROM (${windowOf(filter)}) e, ${eachDelivery("e")} d
  WHERE e.type IS NOT NULL AND e.content_bytes <> ${JSON.stringify(ERASED_CONTENT).length}
    AND ${deliveryCount("e")} < ${MAX_DELIVERIES}
    AND (?5 IS NULL OR e.integration_id = ?5)
    AND (?6 IS NULL OR d.value->>'$.destination_id' = ?6)
    AND d.value->>'$.status' IN (SELECT value FROM json_each(?7))
    AND coalesce(d.value->>'$.reason', '') NOT IN ('superseded', 'content_erased')
    AND d.value->>'$.created_at' <= ?8 AND substr(d.value->>'$.id', -16) <> ?9
    AND d.value->>'$.destination_id' IN (SELECT value FROM json_each(?10))
    AND (?11 IS NULL OR d.value->>'$.route_id' = ?11)
    AND (?12 IS NULL OR d.value->>'$.id' IN (SELECT value FROM json_each(?12)))
    AND NOT EXISTS (
      SELECT 1 FROM ${eachDelivery("e")} r
      WHERE r.key > d.key AND r.value->>'$.destination_id' = d.value->>'$.destination_id'
        AND substr(r.value->>'$.id', -16) <> ?9)`;

function lastMomentOf({ filter, created_at }: Replay): number {
  return Math.min(Date.parse(created_at), filter.to === null ? Number.POSITIVE_INFINITY : Date.parse(filter.to));
}

/** Returns the position from which a replay with this filter starts. */
export function startOf(filter: ReplayFilter): string {
  return encodeCursor(filter.from === null ? LOG_START : cursorAtTime(Date.parse(filter.from)));
}

/** The ids of the enabled destinations. They are passed in, because the primary holds them. */
export type EnabledIds = readonly string[];

function bindingsOf(
  replay: Replay,
  enabled: EnabledIds,
  position: string,
  events: number,
): readonly (string | number | null)[] {
  const { filter } = replay;
  return [
    decodeCursor(position, LOG_START).id,
    cursorAtTime(lastMomentOf(replay) + 1).id,
    events,
    filter.delivery_ids === null ? null : JSON.stringify(filter.delivery_ids.map(eventIdOf)),
    filter.integration_id,
    filter.destination_id,
    JSON.stringify(filter.status),
    replay.created_at,
    replaySuffixOf(replay.id),
    JSON.stringify(enabled),
    filter.route_id,
    filter.delivery_ids === null ? null : JSON.stringify(filter.delivery_ids),
  ];
}

/** The number of events that one query of a count reads, and what one count reads at most, in all shards together. */
const COUNTED_EVENTS = 5_000;
export const MAX_COUNTED_EVENTS = 100_000;

/** How many deliveries match. `is_exact` is false if events were left that the count did not read. */
export type MatchCount = { readonly count: number; readonly is_exact: boolean };

function coldReplay(replay: Replay, enabled: EnabledIds): ColdReplay {
  const after = decodeCursor(replay.position, LOG_START).id;
  return { replay, enabled: new Set(enabled), after, below: cursorAtTime(lastMomentOf(replay) + 1).id };
}

/** Counts the deliveries that a replay would repeat in a shard, in the first events that may match, at most `maxEvents`. */
export async function countMatches(
  stores: EventStores,
  replay: Replay,
  enabled: EnabledIds,
  maxEvents = MAX_COUNTED_EVENTS,
): Promise<MatchCount> {
  const hot = await countHotMatches(stores, replay, enabled, maxEvents);
  const cold = await countColdMatches(stores, coldReplay(replay, enabled), maxEvents);
  return { count: hot.count + cold.count, is_exact: hot.is_exact && cold.is_exact };
}

async function countHotMatches(
  { shard: { db } }: EventStores,
  replay: Replay,
  enabled: EnabledIds,
  maxEvents: number,
): Promise<MatchCount> {
  let count = 0;
  let left = maxEvents;
  let position: string | null = replay.position;
  while (position !== null && left > 0) {
    const limit = Math.min(left, COUNTED_EVENTS);
    const bindings = bindingsOf(replay, enabled, position, limit);
    const [window, matches] = await db.batch<Row>([
      db
        .prepare(`SELECT MAX(id) AS last, COUNT(*) AS seen FROM (${windowOf(replay.filter)})`)
        .bind(...bindings.slice(0, WINDOW_BINDINGS)),
      db.prepare(`SELECT COUNT(*) AS matching ${matchesOf(replay.filter)}`).bind(...bindings),
    ]);
    const [seen] = window?.results ?? [];
    const [found] = matches?.results ?? [];
    count += found === undefined ? 0 : integer(found, "matching");
    const isFull = seen !== undefined && integer(seen, "seen") === limit;
    position = isFull ? encodeCursor(cursorAt(text(seen, "last"))) : null;
    left -= limit;
  }
  return { count, is_exact: position === null };
}

const UNKNOWN_DELIVERIES = `
  SELECT u.value->>'id' AS id FROM json_each(?1) u
  WHERE NOT EXISTS (
    SELECT 1 FROM events e, ${eachDelivery("e")} d
    WHERE e.id = u.value->>'event_id' AND d.value->>'$.id' = u.value->>'id')`;

/** Returns which of these deliveries are not on record in a shard. */
export async function readUnknownDeliveries(stores: EventStores, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = JSON.stringify(ids.map((id) => ({ id, event_id: eventIdOf(id) })));
  const { results } = await stores.shard.db.prepare(UNKNOWN_DELIVERIES).bind(asked).all<Row>();
  const unknown = results.map((row) => text(row, "id"));
  const cold = unknown.length === 0 ? new Set() : await readColdDeliveries(stores, unknown);
  return new Set(unknown.filter((id) => !cold.has(id)));
}

/** A delivery that a replay repeats. */
export type Match = { readonly event_id: string; readonly delivery_id: string };

/** The next matches of a replay. `through` is its position after them. `is_last` is true if no event follows. */
export type Matches = { readonly found: readonly Match[]; readonly through: string; readonly is_last: boolean };

/** The number of events that one step of a replay reads, and from how many of them it takes deliveries. */
const WINDOW_EVENTS = 1_000;
const PAGE_EVENTS = 50;

/** Returns the deliveries that a replay's next step repeats. */
export async function readMatches(stores: EventStores, replay: Replay, enabled: EnabledIds): Promise<Matches> {
  const hot = await readHotMatches(stores, replay, enabled);
  const search = coldReplay(replay, enabled);
  const below = hot.is_last ? search.below : `${decodeCursor(hot.through, LOG_START).id}~`;
  const cold = await readColdMatches(stores, { ...search, below });
  if (cold.found.length === 0 && cold.through === null) return hot;
  const ends = [...(hot.is_last ? [] : [hot.through]), ...(cold.through === null ? [] : [cold.through])];
  const end = ends.toSorted()[0] ?? null;
  // A match that has moved meanwhile is in both.
  const matches = new Map([...hot.found, ...cold.found].map((match) => [match.delivery_id, match]));
  const found = [...matches.values()].filter(({ event_id }) => end === null || event_id <= end);
  const events = [...new Set(found.map(({ event_id }) => event_id))].toSorted();
  const last = events[PAGE_EVENTS - 1];
  if (last !== undefined && events.length > PAGE_EVENTS) {
    return { found: found.filter(({ event_id }) => event_id <= last), through: last, is_last: false };
  }
  if (end !== null) return { found, through: end, is_last: false };
  const newest = events.at(-1) ?? "";
  return { found, through: newest > hot.through ? newest : hot.through, is_last: true };
}

async function readHotMatches({ shard: { db } }: EventStores, replay: Replay, enabled: EnabledIds): Promise<Matches> {
  const bindings = bindingsOf(replay, enabled, replay.position, WINDOW_EVENTS);
  const [window, matches] = await db.batch<Row>([
    db
      .prepare(`SELECT MAX(id) AS last, COUNT(*) AS seen FROM (${windowOf(replay.filter)})`)
      .bind(...bindings.slice(0, WINDOW_BINDINGS)),
    db
      .prepare(
        `WITH found AS (SELECT e.id AS event_id, d.value->>'$.id' AS delivery_id ${matchesOf(replay.filter)})
         SELECT * FROM found WHERE event_id IN (SELECT DISTINCT event_id FROM found ORDER BY event_id LIMIT ${PAGE_EVENTS})`,
      )
      .bind(...bindings),
  ]);
  const found = (matches?.results ?? []).map((row) => ({
    event_id: text(row, "event_id"),
    delivery_id: text(row, "delivery_id"),
  }));
  const [seen] = window?.results ?? [];
  if (seen === undefined || integer(seen, "seen") === 0) return { found, through: replay.position, is_last: true };
  const events = [...new Set(found.map((match) => match.event_id))].toSorted();
  const last = events.at(-1);
  // After a full page, the same window may hold more matches.
  if (events.length === PAGE_EVENTS && last !== undefined) {
    return { found, through: encodeCursor(cursorAt(last)), is_last: false };
  }
  const through = encodeCursor(cursorAt(text(seen, "last")));
  return { found, through, is_last: integer(seen, "seen") < WINDOW_EVENTS };
}
