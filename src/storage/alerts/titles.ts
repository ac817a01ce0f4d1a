import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, text } from "../rows.ts";
import { readLoneAlerts } from "./lone-alerts.ts";
import { anyOf } from "../search.ts";

/** A longer title is cut off. */
const MAX_TITLE = 1_000;

/** Returns the titles of those of these alerts that are on record, by id; the key of one without a title. */
export async function readAlertTitles(db: ShardDatabase, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { sql, values } = anyOf(ids);
  const title = `COALESCE(NULLIF(trim(substr(fields->>'$.title', 1, ${MAX_TITLE})), ''), substr(key, 1, ${MAX_TITLE}))`;
  const lone = await readLoneAlerts(db, ids);
  const { results } = await db
    .prepare(`SELECT id, ${title} AS title FROM alerts WHERE ${sql}`)
    .bind(...values)
    .all<Row>();
  return new Map([
    ...lone.map(({ id, title: own, key }) => [id, (own.trim() === "" ? key : own.trim()).slice(0, MAX_TITLE)] as const),
    ...results.map((row) => [text(row, "id"), text(row, "title")] as const),
  ]);
}
