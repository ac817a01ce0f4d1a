import type { ShardDatabase } from "../platform/shards.ts";
import { type Row, integer, text } from "./rows.ts";
import { type Condition, type SearchResult, anyOf } from "./search.ts";
import type { PageQuery } from "./tables.ts";

/**
 * A page of a list, newest first. `next` is where the next page begins: all rows at or above it are in `rows` or do not match.
 * It is null at the end of the list.
 */
export type ListedPage<T> = { readonly rows: readonly T[]; readonly next: string | null };

/**
 * Merges pages of several lists into one page, in descending order of `slotOf`. A list that continues may have more rows below
 * the slot that its page reached, so the merged page ends at the highest of these slots.
 */
export function mergePages<T>(
  pages: readonly ListedPage<T>[],
  limit: number,
  slotOf: (row: T) => string,
): ListedPage<T> {
  const ends = pages.flatMap(({ next }) => (next === null ? [] : [next]));
  const end = ends.reduce<string | null>(
    (highest, slot) => (highest === null || slot > highest ? slot : highest),
    null,
  );
  const rows = pages
    .flatMap((page) => page.rows)
    .filter((row) => end === null || slotOf(row) >= end)
    .toSorted((a, b) => (slotOf(a) < slotOf(b) ? 1 : -1));
  if (rows.length <= limit) return { rows, next: end };
  const shown = rows.slice(0, limit);
  return { rows: shown, next: shown.slice(-1).map(slotOf)[0] ?? null };
}

/** The long columns of a page have at most this many characters together, but a page has at least one row. */
const MAX_CHARACTERS = 8_000_000;

/** Returns the number of characters that the long columns of this page may have. */
export function maxCharactersOf({ shares = 1 }: PageQuery): number {
  return MAX_CHARACTERS / shares;
}

/**
 * The long columns of rows that work reads at a time have at most this many bytes. A row can have 2 MB, a result of D1 50 MB,
 * and an isolate has 128 MB for all that it does.
 */
export const MAX_WORK_BYTES = 8_000_000;

/** A long column of up to this many bytes is read with its row. Others are read once it is known that they fit the page. */
const MAX_INLINE_BYTES = 16_000;

/** A table, the columns to read, and the one of them that may be long. */
export type Selected = { readonly table: "events" | "alerts"; readonly columns: string; readonly long: string };

/** Returns the first rows whose long columns, of `bytes` together, fit; and at least one row. */
export function fitting(rows: readonly Row[], maxBytes: number): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += integer(row, "bytes");
    return bytes > maxBytes;
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

/** Columns of a table with ids: those that are short, and those that may be long. */
export type WorkColumns = {
  readonly table: "events" | "alerts";
  readonly short: string;
  readonly long: readonly string[];
};

/** The rows that were read, and the ids of those that did not fit: the caller asks for them again. */
export type Fitting<T> = { readonly rows: readonly T[]; readonly left: readonly string[] };

/** Returns as many of these rows as fit MAX_WORK_BYTES, in the order of their ids, and at least one. */
export async function readFitting(
  db: ShardDatabase,
  { table, short, long }: WorkColumns,
  ids: readonly string[],
): Promise<Fitting<Row>> {
  if (ids.length === 0) return { rows: [], left: [] };
  const bytes = long.map((column) => `COALESCE(OCTET_LENGTH(${column}), 0)`).join(" + ");
  const inline = long.map((column) => `CASE WHEN ${bytes} <= ${MAX_INLINE_BYTES} THEN ${column} END AS ${column}`);
  const { results } = await db
    .prepare(
      `SELECT ${short}, ${bytes} AS bytes, ${inline.join(", ")} FROM ${table}
       WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    )
    .bind(JSON.stringify(ids))
    .all<Row>();
  const shown = fitting(results, MAX_WORK_BYTES);
  const left = results.slice(shown.length).map((row) => text(row, "id"));
  const longIds = shown.filter((row) => integer(row, "bytes") > MAX_INLINE_BYTES).map((row) => text(row, "id"));
  if (longIds.length === 0) return { rows: shown, left };
  const whole = await db
    .prepare(`SELECT ${short}, ${long.join(", ")} FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`)
    .bind(JSON.stringify(longIds))
    .all<Row>();
  const read = new Map(whole.results.map((row) => [text(row, "id"), row]));
  const isLong = new Set(longIds);
  const rows = shown.flatMap((row): Row[] => {
    const id = text(row, "id");
    if (!isLong.has(id)) return [row];
    const long = read.get(id);
    // A row that was pruned between the two queries is left out.
    return long === undefined ? [] : [long];
  });
  return { rows, left };
}

/** Returns the newest rows for which a condition holds, as many as fit a page. `rest` is `next` if all of them fit. */
export async function readPage(
  db: ShardDatabase,
  selected: Selected,
  { sql, values }: Condition,
  page: PageQuery,
  rest: string | null,
): Promise<ListedPage<Row>> {
  const { limit } = page;
  const { table, columns, long } = selected;
  // No window functions: D1 bills each of their passes as so many rows read.
  const query = `
    SELECT ${columns}, OCTET_LENGTH(${long}) AS bytes,
      CASE WHEN OCTET_LENGTH(${long}) <= ${MAX_INLINE_BYTES} THEN ${long} END AS ${long}
    FROM ${table} WHERE ${sql} ORDER BY id DESC LIMIT ?`;
  const { results } = await db
    .prepare(query)
    .bind(...values, limit + 1)
    .all<Row>();
  const shown = fitting(results.slice(0, limit), maxCharactersOf(page));
  const texts = await readLong(db, selected, shown);
  const rows = shown.flatMap((row) => {
    const value = row[long] ?? texts.get(text(row, "id"));
    // A row that was pruned between the two queries is left out.
    return value === undefined ? [] : [{ ...row, [long]: value }];
  });
  const last = shown.at(-1);
  return { rows, next: last !== undefined && shown.length < results.length ? text(last, "id") : rest };
}

/** Returns the page of rows that a search has found. */
export async function readSearchPage(
  db: ShardDatabase,
  selected: Selected,
  { ids, next }: SearchResult,
  page: PageQuery,
): Promise<ListedPage<Row>> {
  return ids.length === 0 ? { rows: [], next } : await readPage(db, selected, anyOf(ids), page, next);
}
