import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn, integer, textOrNull } from "../rows.ts";

/** A condition, with a `?` for each of its values. */
export type Condition = { readonly sql: string; readonly values: readonly string[] };

/** What a filtered list looks through: rows with ids, newest first. */
export type Search = {
  /** A table, and the index that it is read by where that is not its key. */
  readonly from: string;
  /** Bounds what is looked at; the key or the index has to answer it. */
  readonly among: Condition;
  /** Holds for the rows that are wanted. */
  readonly matching: Condition;
};

/** Matching rows, newest first; `next` is the id down to which all was looked through, null where nothing is left. */
export type Found = { readonly ids: readonly string[]; readonly next: string | null };

/** How many rows a page of a filtered list looks at, at most. */
export const MAX_LOOKED_AT = 10_000;

/** Rows that an index leads to are read one by one: each takes as long as some ten that lie side by side. */
export const COST_OF_LOOKUP = 10;

export const ANYTHING: Condition = { sql: "true", values: [] };

/** All of these conditions as one. */
export function allOf(conditions: readonly Condition[]): Condition {
  const that = conditions.filter((each) => each !== ANYTHING);
  if (that.length === 0) return ANYTHING;
  return { sql: that.map((each) => each.sql).join(" AND "), values: that.flatMap((each) => each.values) };
}

/** Columns hold these values; those that are undefined do not count. */
export function columnsAre(values: Readonly<Record<string, string | undefined>>): Condition {
  return allOf(
    Object.entries(values).flatMap(([column, value]) =>
      value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
    ),
  );
}

/** The row has one of these ids. */
export function anyOf(ids: readonly string[]): Condition {
  return { sql: "id IN (SELECT value FROM json_each(?))", values: [JSON.stringify(ids)] };
}

/** A text that sorts after an id and before all that are above it. */
export function justAbove(id: string): string {
  return `${id}~`;
}

/** Where matches are frequent they are found among a few rows; where they are rare, few queries should do. */
const FIRST_STEP = 4;
const NEXT_STEP = 10;
/** A query looks at no more rows than this: D1 does one thing at a time. */
const MAX_STEP = 10_000;

// One pass, which answers what matches and how far it came. Sorting or a window function would be billed as further passes.
function queryOf({ from, among, matching }: Search): string {
  return `
    SELECT MIN(id) AS last, COUNT(*) AS seen, json_group_array(id) FILTER (WHERE is_match) AS ids
    FROM (SELECT id, ${matching.sql} AS is_match FROM ${from} WHERE id < ? AND ${among.sql} ORDER BY id DESC LIMIT ?)`;
}

/** Finds up to `wanted` rows with ids below `below`, but looks at no more than `most`. */
export async function search(
  db: ShardDatabase,
  what: Search,
  below: string,
  wanted: number,
  most: number,
): Promise<Found> {
  const query = db.prepare(queryOf(what));
  const ids: string[] = [];
  let next = below;
  let left = most;
  let step = wanted * FIRST_STEP;
  while (left > 0 && ids.length < wanted) {
    const looked = Math.min(step, left);
    const row = await query.bind(...what.matching.values, next, ...what.among.values, looked).first<Row>();
    if (row === null) throw new Error("A count without a row.");
    const found = fromColumn<readonly string[]>(row, "ids");
    ids.push(...found.toSorted().toReversed());
    const last = textOrNull(row, "last");
    if (last === null || integer(row, "seen") < looked) return firstOf(ids, wanted, null);
    next = last;
    left -= looked;
    step = Math.min(step * NEXT_STEP, MAX_STEP);
  }
  return firstOf(ids, wanted, next);
}

function firstOf(ids: readonly string[], wanted: number, next: string | null): Found {
  const first = ids.slice(0, wanted);
  return { ids: first, next: first.length < ids.length ? (first.at(-1) ?? null) : next };
}
