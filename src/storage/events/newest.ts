import type { EventStores } from "../../platform/shards.ts";
import { timeOf } from "../../model/ids.ts";
import { cursorAtTime } from "./cursor.ts";
import { MANUAL_KIND, SILENCE_KEY, SILENCE_KIND } from "../maintenance/heartbeats.ts";
import { type Row, text } from "../rows.ts";

/** Returns the id of the newest event with a deliverable outcome, or null if there is none. */
export async function newestDeliverableId({ shard: { db } }: EventStores): Promise<string | null> {
  const row = await db.prepare("SELECT id FROM events WHERE type IS NOT NULL ORDER BY id DESC LIMIT 1").first<Row>();
  return row === null ? null : text(row, "id");
}

// From the newest event backwards, so that the scan is short for an integration that is not silent.
const NEWEST_FROM_SENDER = `
  SELECT id FROM events
  WHERE integration_id = ?1 AND id >= ?2 AND CASE WHEN integration_id = ?1 THEN
    coalesce(content->>'$.kind', '') <> '${MANUAL_KIND}'
    AND NOT (coalesce(content->>'$.kind', '') = '${SILENCE_KIND}'
      AND coalesce(content->>'$.signal.key', '') = '${SILENCE_KEY}') END
  ORDER BY id DESC LIMIT 1`;

/** An integration, and the time (ms since 1970) from which its events are searched. */
export type LastSeenQuery = { readonly integration_id: string; readonly from_ms: number };

/**
 * Returns when each integration's newest event from its sender was received, in ms since 1970. Integrations without such an
 * event are left out.
 */
export async function readLastSeen(
  { shard: { db } }: EventStores,
  queries: readonly LastSeenQuery[],
): Promise<ReadonlyMap<string, number>> {
  const lastSeen = new Map<string, number>();
  if (queries.length === 0) return lastSeen;
  const results = await db.batch<Row>(
    queries.map(({ integration_id, from_ms }) =>
      db.prepare(NEWEST_FROM_SENDER).bind(integration_id, cursorAtTime(from_ms).id),
    ),
  );
  for (const [index, { results: rows }] of results.entries()) {
    const [row] = rows;
    const query = queries[index];
    if (row !== undefined && query !== undefined) lastSeen.set(query.integration_id, timeOf(text(row, "id")));
  }
  return lastSeen;
}
