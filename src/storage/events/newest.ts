import type { EventStores } from "../../platform/shards.ts";
import type { MessageType } from "../../model/event.ts";
import { timeOf } from "../../model/ids.ts";
import { searchCold } from "./cold/search.ts";
import { LOG_END, LOG_START, cursorAtTime } from "./cursor.ts";
import { MANUAL_KIND, SILENCE_KEY, SILENCE_KIND } from "../maintenance/heartbeats.ts";
import { type Row, integer, text } from "../rows.ts";

const GROUP_TYPE: MessageType = "event.group";

/** Returns the id of the newest event with a deliverable outcome, or null if there is none among the newest ones of segments either. */
export async function newestDeliverableId(stores: EventStores): Promise<string | null> {
  const row = await stores.shard.db
    .prepare("SELECT id FROM events WHERE type IS NOT NULL ORDER BY id DESC LIMIT 1")
    .first<Row>();
  const floor = row === null ? LOG_START.id : text(row, "id");
  const { rows } = await searchCold(stores, {
    start: LOG_END.id,
    floor,
    wanted: 1,
    max_characters: Number.POSITIVE_INFINITY,
    canMatch: () => true,
    matches: ({ type }) => type !== null,
    compare: null,
    columns: "ids",
  });
  const [newest = row] = rows;
  return newest === null ? null : text(newest, "id");
}

// One pass over the newest events for all integrations. It reads no content: a silent integration may share its shard with any
// traffic. A group has the id of its
// integration, but the gateway made it. Its content may be in R2, so its type decides.
const NEWEST_IDS = `
  SELECT MAX(id) AS id FROM (
    SELECT id, integration_id FROM events WHERE id >= ?2 ORDER BY id DESC LIMIT ?3)
  WHERE integration_id IN (SELECT value FROM json_each(?1)) AND id NOT IN (SELECT value FROM json_each(?4))
  GROUP BY integration_id`;

const FROM_SENDER = `
  SELECT id, integration_id,
    type IS NOT '${GROUP_TYPE}' AND coalesce(content->>'$.kind', '') <> '${MANUAL_KIND}'
    AND NOT (coalesce(content->>'$.kind', '') = '${SILENCE_KIND}'
      AND coalesce(content->>'$.signal.key', '') = '${SILENCE_KEY}') AS is_from_sender
  FROM events WHERE id IN (SELECT value FROM json_each(?1))`;

// Events move to segments after maintenance has read their numbers, and it keeps when each integration received its last event.
const KEPT = `
  SELECT key AS integration_id, value AS at FROM maintenance_tasks, json_each(position, '$.seen')
  WHERE task = 'acceptance' AND key IN (SELECT value FROM json_each(?1))`;

/** The newest events of an integration that are looked at. Those of the gateway itself are followed by older ones. */
const MAX_ROUNDS = 5;

/** An integration, and the time (ms since 1970) from which its events are searched. */
export type LastSeenQuery = { readonly integration_id: string; readonly from_ms: number };

/**
 * Returns when each integration's newest event from its sender was received, in ms since 1970. Integrations without such an
 * event among the newest `maxEvents` of the shard are left out.
 */
export async function readLastSeen(
  { shard: { db } }: EventStores,
  queries: readonly LastSeenQuery[],
  maxEvents: number,
): Promise<ReadonlyMap<string, number>> {
  const lastSeen = new Map<string, number>();
  const left = new Map(queries.map(({ integration_id, from_ms }) => [integration_id, from_ms]));
  const passed: string[] = [];
  for (let round = 0; round < MAX_ROUNDS && left.size > 0; round++) {
    const from = cursorAtTime(Math.min(...left.values())).id;
    const newest = await db
      .prepare(NEWEST_IDS)
      .bind(JSON.stringify([...left.keys()]), from, maxEvents, JSON.stringify(passed))
      .all<Row>();
    const ids = newest.results.map((row) => text(row, "id"));
    if (ids.length === 0) break;
    const { results } = await db.prepare(FROM_SENDER).bind(JSON.stringify(ids)).all<Row>();
    const found = new Map(results.map((row) => [text(row, "integration_id"), row]));
    for (const [id, from_ms] of left) {
      const row = found.get(id);
      if (row === undefined || timeOf(text(row, "id")) < from_ms) left.delete(id);
      else if (integer(row, "is_from_sender") === 1) {
        lastSeen.set(id, timeOf(text(row, "id")));
        left.delete(id);
      } else passed.push(text(row, "id"));
    }
  }
  const missing = queries.filter(({ integration_id }) => !lastSeen.has(integration_id));
  if (missing.length === 0) return lastSeen;
  const from = new Map(missing.map(({ integration_id, from_ms }) => [integration_id, from_ms]));
  const kept = await db
    .prepare(KEPT)
    .bind(JSON.stringify([...from.keys()]))
    .all<Row>();
  for (const row of kept.results) {
    const id = text(row, "integration_id");
    const at = integer(row, "at");
    if (at >= (from.get(id) ?? Number.POSITIVE_INFINITY)) lastSeen.set(id, at);
  }
  return lastSeen;
}
