/** A value of a column: booleans are written as 0 or 1, lists and objects as JSON. */
type Value = string | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };
/** Values by column. */
export type Row = { readonly [column: string]: Value };
type Stored = string | number | null;
/** A row as SQLite has it. */
export type StoredRow = { readonly [column: string]: Stored };
type TextOf = (row: StoredRow, column: string) => string;
/** The columns that a row must have, or a test of the row. */
type Where = Row | ((row: StoredRow) => boolean);

/** What one statement may insert, in characters of JSON. */
const MAX_LENGTH = 1_000_000;

function encode(value: Value): Stored {
  if (typeof value === "boolean") return Number(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function clauseOf(where: Row): { readonly sql: string; readonly values: readonly Stored[] } {
  const columns = Object.keys(where);
  const sql = columns.length === 0 ? "" : ` WHERE ${columns.map((column) => `${column} IS ?`).join(" AND ")}`;
  return { sql, values: Object.values(where).map(encode) };
}

/** A table of a database, as tests use it. Rows come in the order of the primary key. */
export class Table {
  readonly #db: D1Database;
  readonly #name: string;
  readonly #defaults: Row;
  readonly #textOf: TextOf;

  /** `defaults` are for columns that an inserted row leaves out. `textOf` returns the JSON of a column, for `edit`. */
  constructor(db: D1Database, name: string, defaults: Row = {}, textOf: TextOf = (row, column) => String(row[column])) {
    this.#db = db;
    this.#name = name;
    this.#defaults = defaults;
    this.#textOf = textOf;
  }

  /** Reads the rows that match. `T` is what the test knows of them. */
  async all<T = StoredRow>(where: Row = {}): Promise<T[]> {
    const { sql, values } = clauseOf(where);
    return (await this.#run<T>(`SELECT * FROM ${this.#name}${sql}`, values)).results;
  }

  /** Reads the first row that matches, or returns null. */
  async first<T = StoredRow>(where: Row = {}): Promise<T | null> {
    return (await this.all<T>(where))[0] ?? null;
  }

  /** Reads a column of the first row that matches, or returns null. */
  async value(column: string, where: Row = {}): Promise<Stored> {
    return (await this.first(where))?.[column] ?? null;
  }

  async count(where: Row = {}): Promise<number> {
    const { sql, values } = clauseOf(where);
    const { results } = await this.#run<{ n: number }>(`SELECT COUNT(*) AS n FROM ${this.#name}${sql}`, values);
    return results[0]?.n ?? 0;
  }

  /** Inserts rows. All of them must have the same columns. */
  async insert(...rows: readonly Row[]): Promise<void> {
    const [columns = []] = rows.map((row) => Object.keys({ ...this.#defaults, ...row }));
    const picked = columns.map((_, index) => `value->>${index}`);
    const sql = `INSERT INTO ${this.#name} (${columns.join(", ")}) SELECT ${picked.join(", ")} FROM json_each(?)`;
    let list: string[] = [];
    let length = 0;
    const flush = async (): Promise<void> => {
      if (list.length > 0) await this.#run(sql, [`[${list.join(",")}]`]);
      [list, length] = [[], 0];
    };
    for (const row of rows) {
      const text = JSON.stringify(Object.values({ ...this.#defaults, ...row }).map(encode));
      if (length + text.length > MAX_LENGTH) await flush();
      list.push(text);
      length += text.length;
    }
    await flush();
  }

  /** Changes the rows that match: all to the same values, or each to what a function returns for it. */
  async update(where: Where, changes: Row | ((row: StoredRow) => Row)): Promise<void> {
    if (typeof where !== "function" && typeof changes !== "function") {
      await this.#update(where, changes).run();
      return;
    }
    const key = await this.#primaryKey();
    const rows = await this.all(typeof where === "function" ? {} : where);
    const statements = rows
      .filter((row) => typeof where !== "function" || where(row))
      .map((row) => {
        const own = Object.fromEntries(key.map((column) => [column, row[column] ?? null]));
        return this.#update(own, typeof changes === "function" ? changes(row) : changes);
      });
    if (statements.length > 0) await this.#db.batch(statements);
  }

  /** Changes what a column of JSON holds, in the rows that match. */
  async edit<T>(where: Where, column: string, change: (value: T) => T): Promise<void> {
    await this.update(where, (row) => {
      const value: T = JSON.parse(this.#textOf(row, column));
      return { [column]: JSON.stringify(change(value)) };
    });
  }

  /** Deletes the rows that match. */
  async delete(where: Row = {}): Promise<void> {
    const { sql, values } = clauseOf(where);
    await this.#run(`DELETE FROM ${this.#name}${sql}`, values);
  }

  /** Takes the table away, so that every statement that names it fails, until the work is done. */
  async whileAway<T>(work: () => Promise<T>): Promise<T> {
    await this.#run(`ALTER TABLE ${this.#name} RENAME TO ${this.#name}_away`);
    try {
      return await work();
    } finally {
      await this.#run(`ALTER TABLE ${this.#name}_away RENAME TO ${this.#name}`);
    }
  }

  #update(where: Row, changes: Row): D1PreparedStatement {
    const { sql, values } = clauseOf(where);
    const assignments = Object.keys(changes).map((column) => `${column} = ?`);
    return this.#db
      .prepare(`UPDATE ${this.#name} SET ${assignments.join(", ")}${sql}`)
      .bind(...Object.values(changes).map(encode), ...values);
  }

  async #primaryKey(): Promise<string[]> {
    const sql = "SELECT name FROM pragma_table_info(?) WHERE pk > 0";
    return (await this.#run<{ name: string }>(sql, [this.#name])).results.map(({ name }) => name);
  }

  async #run<T>(sql: string, values: readonly Stored[] = []): Promise<D1Result<T>> {
    return await this.#db
      .prepare(sql)
      .bind(...values)
      .all<T>();
  }
}
