import { type Row, text } from "./rows.ts";

/** A value for a column of a config table. Lists and maps are stored as JSON. */
type Value = string | number | boolean | null | object;
type Cells<Column extends string> = { readonly [Name in Column]: Value };
type Changes<Column extends string> = Readonly<Partial<Record<Column, Value | undefined>>>;

function encode(value: Value): string | number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

/** Returns the statement that inserts a row. */
export function insertRow<Column extends string>(
  db: D1Database,
  table: string,
  columns: readonly Column[],
  cells: Cells<Column>,
): D1PreparedStatement {
  const parameters = columns.map(() => "?").join(", ");
  return db
    .prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${parameters})`)
    .bind(...columns.map((column) => encode(cells[column])));
}

/** A list of rows is bound as JSON of at most this many bytes, well below the 2 MB that D1 takes. */
const MAX_ROWS_BYTES = 900_000;

/** Returns the statements that insert rows, or replace those that have the same id. */
export function upsertRows<Column extends string>(
  db: D1Database,
  table: string,
  columns: readonly Column[],
  rows: readonly Cells<Column>[],
): readonly D1PreparedStatement[] {
  const cells = columns.map((_, index) => `value->>'$[${index}]'`).join(", ");
  const assignments = columns.map((column) => `${column} = excluded.${column}`).join(", ");
  const sql = `
    INSERT INTO ${table} (${columns.join(", ")}) SELECT ${cells} FROM json_each(?1) WHERE true
    ON CONFLICT (id) DO UPDATE SET ${assignments}`;
  const lists: string[][] = [];
  let bytes = MAX_ROWS_BYTES;
  for (const row of rows) {
    const written = JSON.stringify(columns.map((column) => encode(row[column])));
    const size = new TextEncoder().encode(written).byteLength + 1;
    bytes += size;
    if (bytes > MAX_ROWS_BYTES) {
      lists.push([]);
      bytes = size;
    }
    lists.at(-1)?.push(written);
  }
  return lists.map((list) => db.prepare(sql).bind(`[${list.join(",")}]`));
}

/**
 * Returns the statement that writes the given columns only, so that concurrent changes of different fields do not undo each
 * other. It writes nothing if the row does not hold the `expected` values. `compared` has SQL for
 * columns that are not compared as they are stored.
 */
export function updateRow<Column extends string>(
  db: D1Database,
  table: string,
  columns: readonly Column[],
  id: string,
  changes: Changes<Column>,
  expected: Changes<Column> | null = null,
  compared: Readonly<Record<string, string>> = {},
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
    conditions.push(`${compared[column] ?? column} IS ?`);
    values.push(encode(value));
  }
  const sql = `UPDATE ${table} SET ${assignments.join(", ")} WHERE ${conditions.join(" AND ")} RETURNING *`;
  return db.prepare(sql).bind(...values);
}

/**
 * A page of a list: `limit` rows with ids below `before`, or the newest ones if that is null. `shares` is the number of such
 * pages that must fit into memory together, if that is not one.
 */
export type PageQuery = { readonly limit: number; readonly before: string | null; readonly shares?: number };

/** Sorts after every id: the cursor of a first page. */
export const ABOVE_ALL_IDS = "~";

/** Returns rows of a table, newest first: one more than the limit if there are more. Only those with a name if one is given. */
export async function selectPage(db: D1Database, table: string, page: PageQuery, name?: string): Promise<Row[]> {
  const condition = name === undefined ? "" : "AND name = ?3";
  const values = [page.before ?? ABOVE_ALL_IDS, page.limit + 1, ...(name === undefined ? [] : [name])];
  const { results } = await db
    .prepare(`SELECT * FROM ${table} WHERE id < ?1 ${condition} ORDER BY id DESC LIMIT ?2`)
    .bind(...values)
    .all<Row>();
  return results;
}

export async function findRow(db: D1Database, table: string, id: string): Promise<Row | null> {
  return await db.prepare(`SELECT * FROM ${table} WHERE id = ?`).bind(id).first<Row>();
}

/** Returns the ids of the rows that are named by an id or an `external_id`, by these names. */
export async function idsByName(
  db: D1Database,
  table: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { results } = await db
    .prepare(
      `SELECT id AS name, id FROM ${table} WHERE id IN (SELECT value FROM json_each(?1))
       UNION ALL
       SELECT external_id, id FROM ${table} WHERE external_id IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(names))
    .all<Row>();
  // An id comes first, so it wins.
  return new Map(results.toReversed().map((row) => [text(row, "name"), text(row, "id")]));
}
