import { timeOf } from "../../model/ids.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, integer, text } from "../rows.ts";
import { MANUAL_KIND, SILENCE_KIND } from "./heartbeats.ts";

// When each integration last received an event from its sender. Maintenance keeps the times in the row of maintenance_tasks that it
// writes anyway for the numbers of messages (gaps.ts); later events are read from the log. So no row is written for this.

/** Times in ms since 1970 by integration. */
export type LastEvents = Readonly<Record<string, number>>;

/** Past this many integrations, those that have been silent for longest are forgotten. */
const MAX_INTEGRATIONS = 5_000;
/** The events after the last run of maintenance that a reading looks at. */
const MAX_NEW_EVENTS = 20_000;

/** Returns SQL that holds for events that did not come from a sender: of the gateway itself, of groups, and made by hand. */
function isOwn(event: string): string {
  const kinds = [SILENCE_KIND, MANUAL_KIND].map((kind) => `${event}.content LIKE '{"kind":"${kind}"%'`);
  return `(${event}.integration_id = '' OR ${event}.type IS 'event.group' OR ${kinds.join(" OR ")})`;
}

function lastEvents(from: string, to: string, limit: string): string {
  return `
  SELECT integration_id, MAX(id) AS id FROM (
    SELECT e.id, e.integration_id, ${isOwn("e")} AS is_own FROM events e WHERE e.id > ${from}${to} ORDER BY e.id DESC LIMIT ${limit})
  WHERE NOT is_own GROUP BY integration_id`;
}

/** The query for the last events after the id `?1` and up to `?2`: the newest `?3` events are read. */
export const READ_LAST_EVENTS = lastEvents("?1", " AND e.id <= ?2", "?3");

/** Returns the rows of `READ_LAST_EVENTS`. */
export function parseLastEvents(rows: readonly Row[]): LastEvents {
  return Object.fromEntries(rows.map((row) => [text(row, "integration_id"), timeOf(text(row, "id"))]));
}

/** Adds later times to those that are known. */
export function mergeLastEvents(known: LastEvents, later: LastEvents): LastEvents {
  const merged: Record<string, number> = { ...known };
  for (const [id, at] of Object.entries(later)) merged[id] = Math.max(at, merged[id] ?? 0);
  const entries = Object.entries(merged);
  if (entries.length <= MAX_INTEGRATIONS) return merged;
  return Object.fromEntries(entries.toSorted((a, b) => b[1] - a[1]).slice(0, MAX_INTEGRATIONS));
}

const STATE = "(SELECT position FROM maintenance_tasks WHERE task = 'acceptance')";
const READ_STORED = `
  SELECT key AS integration_id, value AS at FROM json_each(${STATE}, '$.seen') WHERE key IN (SELECT value FROM json_each(?1))`;
const FROM = `CASE WHEN ${STATE}->'seen' IS NULL THEN '' ELSE ${STATE}->>'through' END`;
const READ_NEW = lastEvents(FROM, "", String(MAX_NEW_EVENTS));

/** Returns when these integrations of a shard last received an event, in two queries. An integration that has none is left out. */
export async function readLastEvents(db: ShardDatabase, integrationIds: readonly string[]): Promise<LastEvents> {
  const [stored, later] = await db.batch<Row>([
    db.prepare(READ_STORED).bind(JSON.stringify(integrationIds)),
    db.prepare(READ_NEW),
  ]);
  const known = (stored?.results ?? []).map((row) => [text(row, "integration_id"), integer(row, "at")] as const);
  return mergeLastEvents(Object.fromEntries(known), parseLastEvents(later?.results ?? []));
}
