import { type Row, text } from "./rows.ts";

/** What a column of a configuration table is made from; lists and maps are kept as JSON. */
type Value = string | number | boolean | null | object;
type Cells<Column extends string> = { readonly [Name in Column]: Value };
type Changes<Column extends string> = Readonly<Partial<Record<Column, Value | undefined>>>;

function encode(value: Value): string | number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

export function insertRow<Column extends string>(
  db: D1Database,
  table: string,
  columns: readonly Column[],
  cells: Cells<Column>,
): D1PreparedStatement {
  const places = columns.map(() => "?").join(", ");
  return db
    .prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${places})`)
    .bind(...columns.map((column) => encode(cells[column])));
}

/**
 * Writes only the columns that are given, so that changes of different fields made at once do not undo each other, and
 * nothing where the row does not hold what is `expected`.
 */
export function updateRow<Column extends string>(
  db: D1Database,
  table: string,
  columns: readonly Column[],
  id: string,
  changes: Changes<Column>,
  expected: Changes<Column> | null = null,
): D1PreparedStatement {
  const assignments: string[] = [];
  const values: (string | number | null)[] = [];
  for (const column of columns) {
    const value = changes[column];
    if (value === undefined) continue;
    assignments.push(`${column} = ?`);
    values.push(encode(value));
  }
  const conditions = ["id = ?"];
  values.push(id);
  for (const column of columns) {
    const value = expected?.[column];
    if (value === undefined) continue;
    conditions.push(`${column} IS ?`);
    values.push(encode(value));
  }
  const sql = `UPDATE ${table} SET ${assignments.join(", ")} WHERE ${conditions.join(" AND ")} RETURNING *`;
  return db.prepare(sql).bind(...values);
}

/**
 * The part of a list that is asked for: `limit` rows with ids below `before`. `shares` are how many such pages are to fit into
 * memory together, where that is more than one.
 */
export type PageQuery = { readonly limit: number; readonly before: string | null; readonly shares?: number };

/** Stands in for the cursor of a first page. */
export const ABOVE_ALL_IDS = "~";

/** Rows of a table, newest first: one more than was asked for, where there are more. */
export async function selectPage(db: D1Database, table: string, page: PageQuery): Promise<Row[]> {
  const { results } = await db
    .prepare(`SELECT * FROM ${table} WHERE id < ?1 ORDER BY id DESC LIMIT ?2`)
    .bind(page.before ?? ABOVE_ALL_IDS, page.limit + 1)
    .all<Row>();
  return results;
}

export async function findRow(db: D1Database, table: string, id: string): Promise<Row | null> {
  return await db.prepare(`SELECT * FROM ${table} WHERE id = ?`).bind(id).first<Row>();
}

/** Which of these ids a table holds. */
export async function knownIds(db: D1Database, table: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { results } = await db
    .prepare(`SELECT id FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`)
    .bind(JSON.stringify(ids))
    .all<Row>();
  return new Set(results.map((row) => text(row, "id")));
}
