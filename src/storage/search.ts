import type { ShardDatabase } from "../platform/shards.ts";
import { type Row, fromColumn, integer, text, textOrNull } from "./rows.ts";
import type { PageQuery } from "./tables.ts";

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

/** The number of rows that one page of a filtered list scans, at most. With what else it reads, a page reads 10,000 rows. */
const MAX_SCANNED_ROWS = 9_000;

/** Returns how many rows a page scans in one shard, so that those of all shards together scan MAX_SCANNED_ROWS. */
export function maxScannedOf({ shares = 1 }: PageQuery): number {
  return Math.ceil(MAX_SCANNED_ROWS / shares);
}

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

/**
 * A part of a table: its rows from `from` on and below `below`, or only those of them with the given ids. The rest is known to
 * hold no match.
 */
export type Span = { readonly from: string; readonly below: string; readonly ids: readonly string[] | null };

/** The parts in which matches can be, newest first. `rest`: the id below which more is not known yet; null if there is none. */
export type Spans = { readonly spans: readonly Span[]; readonly rest: string | null };

/** The number of parts that one page searches, each with one to four queries. */
const MAX_SPANS = 12;

async function lookUp(db: ShardDatabase, { from, among, matching }: Search, ids: readonly string[]): Promise<string[]> {
  const { results } = await db
    .prepare(`SELECT id FROM ${from} WHERE ${anyOf(ids).sql} AND ${among.sql} AND ${matching.sql} ORDER BY id DESC`)
    .bind(...anyOf(ids).values, ...among.values, ...matching.values)
    .all<Row>();
  return results.map((row) => text(row, "id"));
}

function below(a: string, b: string): string {
  return a < b ? a : b;
}

/** Searches parts of a table as `search` does. */
export async function searchSpans(
  db: ShardDatabase,
  what: Search,
  { spans, rest }: Spans,
  start: string,
  wanted: number,
  maxRows: number,
): Promise<SearchResult> {
  const found: string[] = [];
  let scanned = 0;
  let searched = 0;
  for (const span of spans) {
    if (span.from >= start) continue;
    const from = below(start, span.below);
    if (found.length >= wanted || scanned >= maxRows || searched === MAX_SPANS) {
      return firstOf(found, wanted, from, scanned);
    }
    searched += 1;
    if (span.ids !== null) {
      const newest = span.ids
        .filter((id) => id < from)
        .toSorted()
        .toReversed();
      const ids = newest.slice(0, Math.max(1, Math.floor((maxRows - scanned) / LOOKUP_COST)));
      if (ids.length > 0) found.push(...(await lookUp(db, what, ids)));
      scanned += ids.length * LOOKUP_COST;
      const last = ids.at(-1);
      if (last !== undefined && ids.length < newest.length) return firstOf(found, wanted, last, scanned);
      continue;
    }
    const within = allOf([what.among, { sql: "id >= ?", values: [span.from] }]);
    const result = await search(db, { ...what, among: within }, from, wanted - found.length, maxRows - scanned);
    found.push(...result.ids);
    scanned += result.scanned;
    if (result.next !== null) return { ids: found, next: result.next, scanned };
  }
  return firstOf(found, wanted, rest, scanned);
}

function firstOf(ids: readonly string[], wanted: number, next: string | null, scanned: number): SearchResult {
  const first = ids.slice(0, wanted);
  return { ids: first, next: first.length < ids.length ? (first.at(-1) ?? null) : next, scanned };
}
