import type { ShardDatabase } from "../platform/shards.ts";
import { type Row, fromColumn, integer, textOrNull } from "./rows.ts";

/** An SQL condition, with a `?` for each of its values. */
export type Condition = { readonly sql: string; readonly values: readonly string[] };

/** A filtered list of rows with ids, newest first. */
export type Search = {
  /** A table, and `INDEXED BY` if it is not read by its key. */
  readonly from: string;
  /** Bounds the rows that are scanned. The key or the index must be able to apply it. */
  readonly among: Condition;
  /** Holds for the rows of the list. */
  readonly matching: Condition;
};

/**
 * Matching ids, newest first. `next` is the id down to which all rows were scanned, or null at the end of the table. `scanned`
 * is the number of rows that were, at most.
 */
export type SearchResult = { readonly ids: readonly string[]; readonly next: string | null; readonly scanned: number };

/** The number of rows that one page of a filtered list scans, at most. */
export const MAX_SCANNED_ROWS = 10_000;

/** Rows found through an index are read one by one. Each takes as long as about ten rows of a scan. */
export const LOOKUP_COST = 10;

export const ANYTHING: Condition = { sql: "true", values: [] };

/** Returns the conjunction of conditions. */
export function allOf(conditions: readonly Condition[]): Condition {
  const restricting = conditions.filter((each) => each !== ANYTHING);
  if (restricting.length === 0) return ANYTHING;
  return {
    sql: restricting.map((each) => each.sql).join(" AND "),
    values: restricting.flatMap((each) => each.values),
  };
}

/** Holds for rows whose columns have these values. An undefined value does not restrict. */
export function columnsAre(values: Readonly<Record<string, string | undefined>>): Condition {
  return allOf(
    Object.entries(values).flatMap(([column, value]) =>
      value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
    ),
  );
}

/** Holds for rows with one of these ids. */
export function anyOf(ids: readonly string[]): Condition {
  return { sql: "id IN (SELECT value FROM json_each(?))", values: [JSON.stringify(ids)] };
}

/** Returns a text that sorts after an id and before every higher id. */
export function justAbove(id: string): string {
  return `${id}~`;
}

// The first query scans few rows, because frequent matches are found among them. Later ones scan more, so that rare matches
// take few queries.
const FIRST_STEP_FACTOR = 4;
const STEP_GROWTH = 10;
/** The number of rows that one query scans, at most: D1 runs one query at a time. */
const MAX_STEP_ROWS = 10_000;

// One pass returns the matches and how far it came. D1 bills sorting and window functions as further passes.
function queryOf({ from, among, matching }: Search): string {
  return `
    SELECT MIN(id) AS last, COUNT(*) AS seen, json_group_array(id) FILTER (WHERE is_match) AS ids
    FROM (SELECT id, ${matching.sql} AS is_match FROM ${from} WHERE id < ? AND ${among.sql} ORDER BY id DESC LIMIT ?)`;
}

/** Returns the newest `wanted` matching ids below `below`, or fewer if they are not among the first `maxRows` rows. */
export async function search(
  db: ShardDatabase,
  what: Search,
  below: string,
  wanted: number,
  maxRows: number,
): Promise<SearchResult> {
  const query = db.prepare(queryOf(what));
  const ids: string[] = [];
  let next = below;
  let left = maxRows;
  let step = wanted * FIRST_STEP_FACTOR;
  while (left > 0 && ids.length < wanted) {
    const limit = Math.min(step, left);
    const row = await query.bind(...what.matching.values, next, ...what.among.values, limit).first<Row>();
    if (row === null) throw new Error("An aggregate query returned no row.");
    ids.push(...fromColumn<readonly string[]>(row, "ids").toSorted().toReversed());
    const last = textOrNull(row, "last");
    if (last === null || integer(row, "seen") < limit) return firstOf(ids, wanted, null, maxRows - left + limit);
    next = last;
    left -= limit;
    step = Math.min(step * STEP_GROWTH, MAX_STEP_ROWS);
  }
  return firstOf(ids, wanted, next, maxRows - left);
}

function firstOf(ids: readonly string[], wanted: number, next: string | null, scanned: number): SearchResult {
  const first = ids.slice(0, wanted);
  return { ids: first, next: first.length < ids.length ? (first.at(-1) ?? null) : next, scanned };
}
