import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, text } from "../rows.ts";
import { anyOf } from "../search.ts";
import { TITLE_COLUMNS, parseTitles } from "./title-columns.ts";

/** Returns the summaries of those of these events that are on record and have one, by id. */
export async function readSummaries(db: ShardDatabase, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { sql, values } = anyOf(ids);
  const { results } = await db
    .prepare(`SELECT id, ${TITLE_COLUMNS} FROM events WHERE ${sql}`)
    .bind(...values)
    .all<Row>();
  const summaries = results.flatMap((row): (readonly [string, string])[] => {
    const { summary } = parseTitles(row);
    return summary === null ? [] : [[text(row, "id"), summary]];
  });
  return new Map(summaries);
}
