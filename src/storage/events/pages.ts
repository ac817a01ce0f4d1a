import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, integer, text } from "../rows.ts";
import { type Condition, type Found, anyOf } from "./search.ts";
import type { PageQuery } from "../tables.ts";

/** `next` is the id down to which a list was looked through: what is not below it is in `rows`, or does not match. Null at the end. */
export type ListedPage<T> = { readonly rows: readonly T[]; readonly next: string | null };

/** Pages stop before their long columns come to more than this many characters together, but are never empty for that. */
const MAX_CHARACTERS = 8_000_000;

/** How many characters of long columns a page may hold. */
export function roomOf({ shares = 1 }: PageQuery): number {
  return MAX_CHARACTERS / shares;
}

/** Long columns of up to this many bytes come with their row; others are read once it is known that they fit the page. */
const MAX_BYTES_AT_ONCE = 16_000;

/** A table, and the columns that are read of it; one of them may be long. */
export type Selected = { readonly table: "events" | "alerts"; readonly columns: string; readonly long: string };

/** The first rows of a page, as many as fit it by their long column; one always does. */
function fitting(rows: readonly Row[], room: number): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += integer(row, "bytes");
    return bytes > room;
  });
  return end < 0 ? rows : rows.slice(0, Math.max(1, end));
}

async function readLong(
  db: ShardDatabase,
  { table, long }: Selected,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, string>> {
  const ids = rows.filter((row) => row[long] === null).map((row) => text(row, "id"));
  if (ids.length === 0) return new Map();
  const { results } = await db
    .prepare(`SELECT id, ${long} FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`)
    .bind(JSON.stringify(ids))
    .all<Row>();
  return new Map(results.map((row) => [text(row, "id"), text(row, long)]));
}

/** The newest rows for which a condition holds, as many as fit a page; `then` is what comes after all of them. */
export async function readPage(
  db: ShardDatabase,
  selected: Selected,
  { sql, values }: Condition,
  page: PageQuery,
  then: string | null,
): Promise<ListedPage<Row>> {
  const { limit } = page;
  const { table, columns, long } = selected;
  // No window functions: each of their passes would be billed as so many rows read.
  const query = `
    SELECT ${columns}, OCTET_LENGTH(${long}) AS bytes,
      CASE WHEN OCTET_LENGTH(${long}) <= ${MAX_BYTES_AT_ONCE} THEN ${long} END AS ${long}
    FROM ${table} WHERE ${sql} ORDER BY id DESC LIMIT ?`;
  const { results } = await db
    .prepare(query)
    .bind(...values, limit + 1)
    .all<Row>();
  const shown = fitting(results.slice(0, limit), roomOf(page));
  const texts = await readLong(db, selected, shown);
  const rows = shown.flatMap((row) => {
    const value = row[long] ?? texts.get(text(row, "id"));
    // One that was pruned in between is not shown.
    return value === undefined ? [] : [{ ...row, [long]: value }];
  });
  const last = shown.at(-1);
  return { rows, next: last !== undefined && shown.length < results.length ? text(last, "id") : then };
}

/** A page of rows that a search has found. */
export async function readFound(
  db: ShardDatabase,
  selected: Selected,
  { ids, next }: Found,
  page: PageQuery,
): Promise<ListedPage<Row>> {
  return ids.length === 0 ? { rows: [], next } : await readPage(db, selected, anyOf(ids), page, next);
}
