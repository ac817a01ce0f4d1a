import type { EventStores } from "../../platform/shards.ts";
import { type Row, text } from "../rows.ts";
import { anyOf } from "../search.ts";
import { readColdRows } from "./cold/find.ts";
import { TITLE_COLUMNS, parseTitles, withTitleColumns } from "./title-columns.ts";

/** Segments are read for so many of the events at most: a page of the audit trail may name events of a year. */
const MAX_SEGMENTS = 3;

/** Returns the summaries of those of these events that are on record and have one, by id. */
export async function readSummaries(stores: EventStores, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { sql, values } = anyOf(ids);
  const { results } = await stores.shard.db
    .prepare(`SELECT id, ${TITLE_COLUMNS} FROM events WHERE ${sql}`)
    .bind(...values)
    .all<Row>();
  const hot = new Set(results.map((row) => text(row, "id")));
  const cold = await readColdRows(
    stores,
    ids.filter((id) => !hot.has(id)),
    MAX_SEGMENTS,
  );
  const summaries = [...results, ...[...cold.values()].map(withTitleColumns)].flatMap(
    (row): (readonly [string, string])[] => {
      const { summary } = parseTitles(row);
      return summary === null ? [] : [[text(row, "id"), summary]];
    },
  );
  return new Map(summaries);
}
