import type { ListenerSettings } from "../../model/listen.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { SELECT_STATE, parseState } from "../config/revision.ts";
import { type Row, integer, integerOrNull, text } from "../rows.ts";

const NEWEST = `
  SELECT id, options->>'$.remove_after_seconds' AS remove_after_seconds FROM destinations
  WHERE type = 'cli' ORDER BY id DESC LIMIT ?1`;

/** The connections of the gateway: commands that listen, and until when somebody may look at the dashboard, in ms since 1970. */
export type Audience = { readonly listeners: readonly ListenerSettings[]; readonly watched_until: number };

/** Returns the newest destinations to which commands listen, at most `max`, and whether somebody looks. */
export async function readAudience(db: PrimaryDatabase, max: number): Promise<Audience> {
  const [newest, state] = await db.batch<Row>([db.prepare(NEWEST).bind(max), db.prepare(SELECT_STATE)]);
  const listeners = (newest?.results ?? []).map((row) => ({
    destination_id: text(row, "id"),
    remove_after_seconds: integerOrNull(row, "remove_after_seconds"),
  }));
  return { listeners, watched_until: parseState(state?.results[0] ?? null).watched_until };
}

const LISTENERS = `
  SELECT count(*) AS listeners FROM destinations
  WHERE id IN (SELECT value FROM json_each(?1)) AND managed_by = 'listen'`;

/** Returns whether all of some destinations, at least one, were made for a command `listen`. */
export async function areListeners(db: PrimaryDatabase, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const row = await db.prepare(LISTENERS).bind(JSON.stringify(ids)).first();
  return row !== null && integer(row, "listeners") === new Set(ids).size;
}
