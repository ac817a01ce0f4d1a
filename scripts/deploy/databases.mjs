import { ApiError } from "./api.mjs";
import { listOf } from "./survey.mjs";
import { DeployError } from "./deploy-error.mjs";

/** What wrangler's own log of migrations is called. */
const LOG = "d1_migrations";
const MAX_LISTED = 100;

/**
 * Whether a database is one of a gateway's shards.
 * @param {{ binding: string }} database
 */
export function isShard({ binding }) {
  return /^DB(?:_\d+)?$/.test(binding);
}

/**
 * The id of a database, or null if there is none of this name.
 * @param {import("./api.mjs").Api} api
 * @param {string} name
 * @returns {Promise<string | null>}
 */
export async function findDatabase(api, name) {
  const found = await api.find(`/d1/database/${encodeURIComponent(name)}`);
  if (typeof found?.uuid === "string") return found.uuid;
  // The documented way, in case the API stops taking a name for an id. `name` selects names that contain it.
  const listed = listOf(await api.find(`/d1/database?name=${encodeURIComponent(name)}&per_page=${MAX_LISTED}`));
  return listed.find((database) => database["name"] === name)?.["uuid"] ?? null;
}

/**
 * @param {import("./api.mjs").Api} api
 * @param {string} name
 * @returns {Promise<string>} its id
 */
export async function createDatabase(api, name) {
  const { uuid } = await api.call("POST", "/d1/database", { name });
  return uuid;
}

/**
 * Runs one statement and returns its rows.
 * @param {import("./api.mjs").Api} api
 * @param {string} id
 * @param {string} sql
 * @param {unknown[]} [params]
 * @returns {Promise<Record<string, any>[]>}
 */
export async function query(api, id, sql, params = []) {
  const result = await api.call("POST", `/d1/database/${id}/query`, { sql, params });
  return listOf(listOf(result)[0]?.["results"]);
}

/**
 * The tables of a database.
 * @param {import("./api.mjs").Api} api
 * @param {string} id
 */
async function tablesOf(api, id) {
  const rows = await query(api, id, "SELECT name FROM sqlite_master WHERE type = 'table'");
  return rows.map(({ name }) => String(name)).filter((name) => !/^(?:_cf_|sqlite_)/.test(name));
}

/**
 * The names of the migrations in a database's log; none if it has no log.
 * @param {import("./api.mjs").Api} api
 * @param {string} id
 */
async function readLog(api, id) {
  try {
    return (await query(api, id, `SELECT name FROM ${LOG} ORDER BY id`)).map(({ name }) => String(name));
  } catch (error) {
    if (error instanceof ApiError && error.message.includes("no such table")) return [];
    throw error;
  }
}

/**
 * Returns the migrations that a database has applied. Throws a DeployError if the database belongs to another program.
 * @param {import("./api.mjs").Api} api
 * @param {{ name: string, id: string }} database
 * @param {ReadonlySet<string>} own the migrations of a gateway
 * @returns {Promise<ReadonlySet<string>>}
 */
export async function appliedMigrations(api, { name, id }, own) {
  const applied = await readLog(api, id);
  if (applied.some((migration) => own.has(migration))) return new Set(applied);
  // The log exists before the first migration is applied.
  const isUnused = applied.length === 0 && (await tablesOf(api, id)).every((table) => table === LOG);
  if (isUnused) return new Set();
  throw new DeployError(
    `The account has a database with the name ${name} that is not a gateway's. It is left as it is.`,
    "Choose another name: npm run deploy -- --name NAME",
  );
}

/**
 * Whether a database has keys that a MASTER_KEY wraps.
 * @param {import("./api.mjs").Api} api
 * @param {string} id
 */
export async function hasKeys(api, id) {
  if (!(await tablesOf(api, id)).includes("keys")) return false;
  const [row] = await query(api, id, "SELECT COUNT(*) AS count FROM keys");
  return Number(row?.["count"] ?? 0) > 0;
}
