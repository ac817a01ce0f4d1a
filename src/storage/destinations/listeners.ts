import type { PrimaryDatabase } from "../../platform/shards.ts";
import { integer } from "../rows.ts";

const LISTENERS = `
  SELECT count(*) AS listeners FROM destinations
  WHERE id IN (SELECT value FROM json_each(?1)) AND managed_by = 'listen'`;

/** Returns whether all of some destinations, at least one, were made for a command `listen`. */
export async function areListeners(db: PrimaryDatabase, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const row = await db.prepare(LISTENERS).bind(JSON.stringify(ids)).first();
  return row !== null && integer(row, "listeners") === new Set(ids).size;
}
