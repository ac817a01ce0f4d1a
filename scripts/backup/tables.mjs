import { DeployError } from "../deploy/deploy-error.mjs";

/**
 * A gateway's data, wherever it is.
 * @typedef {string | number | null} Value
 * @typedef {{ key: string, content_type: string | null, metadata: Record<string, string>, body: Buffer }} Blob
 * @typedef {{
 *   name: string,
 *   databases: string[],
 *   query: (database: string, sql: string, params?: Value[]) => Promise<Record<string, any>[]>,
 *   keys: () => AsyncGenerator<string[]>,
 *   read: (key: string) => Promise<Blob | null>,
 *   write: (blob: Blob) => Promise<void>,
 *   masterKey: string | null,
 *   close: () => Promise<void>,
 * }} Store `masterKey` is null if this machine does not have it
 */

const LOG = "d1_migrations";
const PAGE = 200;
/** D1 takes at most 2 MB in a parameter and 100 parameters. */
const MAX_JSON_CHARACTERS = 300_000;

/** @param {string} name */
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

/** The tables of a gateway. @param {Store} store @param {string} database @returns {Promise<string[]>} */
export async function tablesOf(store, database) {
  const rows = await store.query(database, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  return rows.map(({ name }) => String(name)).filter((name) => name !== LOG && !/^(?:_cf_|sqlite_)/.test(name));
}

/** The migrations that a database has. @param {Store} store @param {string} database @returns {Promise<string[]>} */
export async function migrationsIn(store, database) {
  const [log] = await store.query(database, `SELECT name FROM sqlite_master WHERE name = '${LOG}'`);
  if (log === undefined) return [];
  return (await store.query(database, `SELECT name FROM ${LOG} ORDER BY id`)).map(({ name }) => String(name));
}

/**
 * The rows of a table in the order of its primary key, a page at a time.
 * @param {Store} store
 * @param {string} database
 * @param {string} table
 * @returns {AsyncGenerator<{ columns: string[], rows: Value[][] }>}
 */
export async function* pagesOf(store, database, table) {
  const info = await store.query(database, `PRAGMA table_info(${quoted(table)})`);
  const columns = info.map(({ name }) => String(name));
  const keys = info
    .filter(({ pk }) => Number(pk) > 0)
    .toSorted((one, other) => Number(one["pk"]) - Number(other["pk"]))
    .map(({ name }) => String(name));
  const order = keys.map(quoted).join(", ");
  let size = PAGE;
  /** @type {Value[]} */
  let after = [];
  for (;;) {
    const where = after.length === 0 ? "" : ` WHERE (${order}) > (${keys.map(() => "?").join(", ")})`;
    const sql = `SELECT * FROM ${quoted(table)}${where} ORDER BY ${order} LIMIT ${size}`;
    /** @type {Record<string, any>[]} */
    let found;
    try {
      found = await store.query(database, sql, after);
    } catch (error) {
      // A page of large rows can exceed what D1 returns at a time.
      if (size === 1) throw error;
      size = Math.ceil(size / 8);
      continue;
    }
    const last = found.at(-1);
    if (last === undefined) return;
    yield { columns, rows: found.map((row) => columns.map((column) => row[column] ?? null)) };
    if (found.length < size) return;
    after = keys.map((key) => last[key]);
  }
}

/**
 * Inserts rows. A row that is there already is replaced, so that a page can be inserted twice.
 * @param {Store} store
 * @param {import("./archive.mjs").Rows} page
 */
export async function insertRows(store, { database, table, columns, rows }) {
  const into = `INSERT OR REPLACE INTO ${quoted(table)} (${columns.map(quoted).join(", ")})`;
  const values = columns.map((_, index) => `json_extract(value, '$[${index}]')`).join(", ");
  /** @type {string[]} */
  let group = [];
  const flush = async () => {
    const list = `[${group.join(",")}]`;
    group = [];
    if (list !== "[]") await store.query(database, `${into} SELECT ${values} FROM json_each(?)`, [list]);
  };
  for (const row of rows) {
    const json = JSON.stringify(row);
    if (json.length > MAX_JSON_CHARACTERS) {
      await store.query(database, `${into} VALUES (${columns.map(() => "?").join(", ")})`, row);
      continue;
    }
    const characters = group.reduce((sum, one) => sum + one.length, 0);
    if (characters + json.length > MAX_JSON_CHARACTERS) await flush();
    group.push(json);
  }
  await flush();
}

/** Tables of which a row means that the gateway is in use. A gateway makes rows of others by itself. */
const OF_USERS = ["integrations", "destinations", "routes", "tokens", "events", "alerts", "dead_letters"];

/**
 * Throws a DeployError if a gateway is in use.
 * @param {Store} store
 */
export async function checkEmpty(store) {
  for (const database of store.databases) {
    for (const table of OF_USERS) {
      const [row] = await store.query(database, `SELECT 1 AS found FROM ${quoted(table)} LIMIT 1`);
      if (row === undefined) continue;
      throw new DeployError(
        `The gateway ${store.name} is not empty: it has ${table}. Nothing was changed.`,
        "Restore into a new gateway, or add --replace to delete what this one has.",
      );
    }
  }
}

/** Deletes all rows of a gateway. @param {Store} store */
export async function deleteRows(store) {
  for (const database of store.databases) {
    for (const table of await tablesOf(store, database)) await store.query(database, `DELETE FROM ${quoted(table)}`);
  }
}
