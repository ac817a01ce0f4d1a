import { readdirSync } from "node:fs";
import { join } from "node:path";
import { bucketsOf, databasesOf, queuesOf, withDatabaseIds } from "./config.mjs";
import { appliedMigrations, createDatabase, findDatabase, isShard } from "./databases.mjs";
import { DeployError } from "./deploy-error.mjs";
import { checkDatabase, checkQueue, listOf } from "./survey.mjs";
import { writeConfig } from "./temporary.mjs";
import { wrangler } from "./wrangler.mjs";

/**
 * @typedef {import("./config.mjs").Config} Config
 * @typedef {{ root: string, api: import("./api.mjs").Api, env: Record<string, string>, isDryRun: boolean }} Session
 */
/**
 * What a step returns: its result, and a line about it.
 * @typedef {{ line: string, result: T }} Outcome
 * @template T
 */

/**
 * The names of this version's migrations, in the order in which wrangler applies them.
 * @param {string} root
 */
export function migrationsOf(root) {
  return readdirSync(join(root, "migrations"))
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
}

/** @param {string[]} found @param {string[]} made @param {boolean} isDryRun */
function describe(found, made, isDryRun) {
  const parts = [
    ...(found.length > 0 ? [`found ${found.join(", ")}`] : []),
    ...(made.length > 0 ? [`${isDryRun ? "would create" : "created"} ${made.join(", ")}`] : []),
  ];
  return parts.length === 0 ? "none needed" : parts.join("; ");
}

/**
 * Finds the queues of a gateway, by their names. Throws a DeployError if one belongs to another Worker.
 * @param {Session} session
 * @param {Config} config
 * @returns {Promise<Map<string, Record<string, any> | null>>} null for a queue that is missing
 */
export async function findQueues({ api }, config) {
  const found = new Map();
  for (const queue of queuesOf(config)) {
    const queues = listOf(await api.find(`/queues?page=1&name=${encodeURIComponent(queue)}`));
    const one = queues.find(({ queue_name: name }) => name === queue) ?? null;
    checkQueue(queue, one, config.name);
    found.set(queue, one);
  }
  return found;
}

/**
 * Creates the queues that are missing.
 * @param {Session} session
 * @param {ReadonlyMap<string, Record<string, any> | null>} queues
 * @returns {Promise<Outcome<null>>}
 */
export async function makeQueues({ api, isDryRun }, queues) {
  const missing = [...queues].flatMap(([queue, found]) => (found === null ? [queue] : []));
  for (const queue of isDryRun ? [] : missing) await api.call("POST", "/queues", { queue_name: queue });
  const present = [...queues.keys()].filter((queue) => !missing.includes(queue));
  return { line: describe(present, missing, isDryRun), result: null };
}

/**
 * Finds or creates the databases of a gateway. Throws a DeployError if one has tables of another program, or belongs to
 * another gateway.
 * @param {Session} session
 * @param {Config} config
 * @param {import("./survey.mjs").Deployed} deployed
 * @returns {Promise<Outcome<{ config: Config, applied: Map<string, ReadonlySet<string>> }>>} the configuration with their ids, and
 *   by binding which migrations each has
 */
export async function makeDatabases({ root, api, isDryRun }, config, deployed) {
  const own = new Set(migrationsOf(root));
  const ids = new Map();
  const applied = new Map();
  /** @type {string[]} */
  const found = [];
  /** @type {string[]} */
  const made = [];
  for (const database of databasesOf(config)) {
    const id = database.id ?? (await findDatabase(api, database.name));
    (id === null ? made : found).push(database.name);
    if (id !== null && isShard(database))
      await checkDatabase(api, { name: database.name, id }, { name: config.name, deployed });
    const used = id ?? (isDryRun ? null : await createDatabase(api, database.name));
    if (used !== null) ids.set(database.binding, used);
    if (!isShard(database)) continue;
    const names = id === null ? new Set() : await appliedMigrations(api, { name: database.name, id }, own);
    applied.set(database.binding, names);
  }
  return { line: describe(found, made, isDryRun), result: { config: withDatabaseIds(config, ids), applied } };
}

/**
 * Applies the migrations that the databases lack.
 * @param {Session} session
 * @param {Config} config
 * @param {ReadonlyMap<string, ReadonlySet<string>>} applied
 * @returns {Promise<Outcome<null>>}
 */
export async function migrate({ root, env, isDryRun }, config, applied) {
  const own = migrationsOf(root);
  const lines = [];
  for (const [binding, names] of applied) {
    const pending = own.filter((name) => !names.has(name));
    const later = [...names].filter((name) => !own.includes(name));
    if (later.length > 0) lines.push(`${binding} is from a later version (${later.join(", ")})`);
    if (pending.length === 0) continue;
    const where = applied.size > 1 ? ` to ${binding}` : "";
    if (isDryRun) {
      lines.push(`would apply ${pending.join(", ")}${where}`);
      continue;
    }
    try {
      const file = writeConfig(root, config);
      await wrangler(root, ["d1", "migrations", "apply", binding, "--remote", "--config", file], env);
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      const advice = `${error.advice}\nA migration that fails changes nothing. Those before it are applied, and the deployed version works with them.`;
      throw new DeployError(`The migrations of ${binding} could not be applied. ${error.message}`, advice.trim());
    }
    lines.push(`applied ${pending.join(", ")}${where}`);
  }
  return { line: lines.join("; ") || "none to apply", result: null };
}

/**
 * Finds or creates the buckets of a gateway.
 * @param {Session} session
 * @param {Config} config
 * @returns {Promise<Outcome<null>>}
 */
export async function makeBuckets({ api, isDryRun }, config) {
  /** @type {string[]} */
  const found = [];
  /** @type {string[]} */
  const made = [];
  for (const name of bucketsOf(config)) {
    const bucket = await api.find(`/r2/buckets/${name}`);
    (bucket === null ? made : found).push(name);
    if (bucket === null && !isDryRun) await api.call("POST", "/r2/buckets", { name });
  }
  return { line: describe(found, made, isDryRun), result: null };
}
