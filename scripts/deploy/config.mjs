import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { DeployError } from "./deploy-error.mjs";

/**
 * A configuration of wrangler. Only what the scripts read has a type; the rest is carried along as it is.
 * @typedef {Record<string, any> & { name: string }} Config
 * @typedef {{ binding: string, name: string, id: string | null }} Database
 * @typedef {{ host: string | null, isAttached: boolean, isOnWorkersDev: boolean }} Address
 */

/** The most messages of a batch on the Free plan, whose invocations have 50 subrequests, 50 D1 queries and 10 ms of CPU. */
const MAX_FREE_BATCH = 10;
/** The variable that records the plan in the Worker, so that an upgrade from another machine keeps it. */
export const PLAN_VARIABLE = "HOOKGATE_PLAN";
const LOADER = "LOADER";

/** Settings that name a resource of the account. */
const NAMES = new Set([
  "database_name",
  "bucket_name",
  "preview_bucket_name",
  "queue",
  "dead_letter_queue",
  "index_name",
  "dataset",
]);
/** Settings that identify a resource of the account beside its name. */
const IDS = new Set(["database_id", "preview_database_id", "id", "preview_id"]);
/** Sections without resources. An `id` or a `queue` in them means something else. */
const NOT_RESOURCES = new Set(["vars", "build", "assets", "rules", "migrations", "secrets", "observability", "limits"]);

/**
 * Reads wrangler.toml.
 * @param {string} root
 * @returns {Config}
 */
export function readWranglerToml(root) {
  const file = join(root, "wrangler.toml");
  try {
    const config = parse(readFileSync(file, "utf8"));
    if (typeof config["name"] === "string") return { ...config, name: config["name"] };
  } catch (error) {
    throw new DeployError(`wrangler.toml cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new DeployError("wrangler.toml has no name.", 'Add a line such as: name = "hookgate"');
}

/**
 * The configuration of the gateway of this name: what wrangler.toml says, with the names of all resources derived from the name.
 * @param {Config} config what wrangler.toml says
 * @param {{ name: string, plan: import("./options.mjs").Plan | null, address: Address | null }} choices
 * @returns {Config}
 */
export function deriveConfig(config, { name, plan, address }) {
  const { env: _environments, ...sections } = structuredClone(config);
  const derived = { ...(name === config.name ? sections : withNames(sections, config.name, name)), name };
  return withAddress(withPlan(derived, plan), address);
}

/**
 * @param {Record<string, any>} sections
 * @param {string} base
 * @param {string} name
 */
function withNames(sections, base, name) {
  /** @param {string} text */
  const rename = (text) =>
    text === base || text.startsWith(`${base}-`) ? name + text.slice(base.length) : `${name}-${text}`;
  /** @param {unknown} value @returns {any} */
  const walk = (value) => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !IDS.has(key))
        .map(([key, entry]) => [key, NAMES.has(key) && typeof entry === "string" ? rename(entry) : walk(entry)]),
    );
  };
  return Object.fromEntries(
    Object.entries(sections).map(([key, value]) => [key, NOT_RESOURCES.has(key) ? value : walk(value)]),
  );
}

/**
 * @param {Config} config
 * @param {import("./options.mjs").Plan | null} plan
 * @returns {Config}
 */
function withPlan(config, plan) {
  if (plan === null) return config;
  const vars = { ...config["vars"], [PLAN_VARIABLE]: plan };
  /** @type {{ binding: string }[]} */
  const loaders = config["worker_loaders"] ?? [];
  const others = loaders.filter(({ binding }) => binding !== LOADER);
  if (plan === "paid") return { ...config, vars, worker_loaders: [...others, { binding: LOADER }] };
  const { limits: _limits, worker_loaders: _loaders, ...rest } = config;
  /** @type {{ max_batch_size?: number }[]} */
  const consumers = config["queues"]?.consumers ?? [];
  const smaller = consumers.map((consumer) => ({
    ...consumer,
    max_batch_size: Math.min(consumer.max_batch_size ?? MAX_FREE_BATCH, MAX_FREE_BATCH),
  }));
  return { ...rest, name: config.name, vars, queues: { ...config["queues"], consumers: smaller } };
}

/**
 * @param {Config} config
 * @param {Address | null} address null for that of wrangler.toml
 * @returns {Config}
 */
function withAddress(config, address) {
  if (address === null) return config;
  const { route: _route, routes: _routes, ...rest } = config;
  return { ...rest, name: config.name, workers_dev: address.isOnWorkersDev };
}

/**
 * Where the gateway will be, if that is not what wrangler.toml says. wrangler sets only whether it is on workers.dev: it would
 * take a host away from another Worker.
 * @param {Config} config what wrangler.toml says
 * @param {{ name: string, domain: string | null, deployed: import("./survey.mjs").Deployed }} choices
 * @returns {Address | null}
 */
export function chooseAddress(config, { name, domain, deployed }) {
  const isOther = name !== config.name;
  const hasRoutes = config["route"] !== undefined || config["routes"] !== undefined;
  const host = domain ?? (hasRoutes && !isOther ? null : (deployed.domains[0] ?? null));
  if (host === null) return isOther ? { host, isAttached: true, isOnWorkersDev: true } : null;
  const isAttached = deployed.domains.includes(host);
  // The address that senders use stays until the host is attached.
  return { host, isAttached, isOnWorkersDev: !isAttached && deployed.isOnWorkersDev };
}

/**
 * The hosts that wrangler.toml serves the Worker at, beside workers.dev.
 * @param {Config} config
 * @returns {string[]}
 */
export function hostsOf(config) {
  /** @type {(string | { pattern?: string })[]} */
  const routes = config["routes"] ?? (config["route"] === undefined ? [] : [config["route"]]);
  const patterns = routes.map((route) => (typeof route === "string" ? route : (route.pattern ?? "")));
  return patterns.map((pattern) => pattern.replace(/\/.*$/, "")).filter((host) => host !== "" && !host.includes("*"));
}

/** @param {Config} config @returns {Database[]} */
export function databasesOf(config) {
  /** @type {{ binding: string, database_name?: string, database_id?: string }[]} */
  const databases = config["d1_databases"] ?? [];
  return databases.map(({ binding, database_name: name, database_id: id }) => ({
    binding,
    name: name ?? config.name,
    id: id ?? null,
  }));
}

/**
 * The configuration with the ids of its databases, so that each command finds the same one.
 * @param {Config} config
 * @param {ReadonlyMap<string, string>} ids the id of each binding
 * @returns {Config}
 */
export function withDatabaseIds(config, ids) {
  /** @type {{ binding: string }[]} */
  const databases = config["d1_databases"] ?? [];
  const d1 = databases.map((database) => ({ ...database, database_id: ids.get(database.binding) }));
  return { ...config, d1_databases: d1 };
}

/** @param {Config} config @returns {string[]} the names of the buckets */
export function bucketsOf(config) {
  /** @type {{ bucket_name?: string }[]} */
  const buckets = config["r2_buckets"] ?? [];
  return [...new Set(buckets.flatMap(({ bucket_name: name }) => (name === undefined ? [] : [name])))];
}

/** @param {Config} config @returns {string[]} the names of the queues that it sends to, takes from, or leaves dead letters in */
export function queuesOf(config) {
  const { producers = [], consumers = [] } = config["queues"] ?? {};
  /** @type {string[]} */
  const names = [
    ...producers.map((/** @type {any} */ { queue }) => queue),
    ...consumers.flatMap((/** @type {any} */ { queue, dead_letter_queue: dead }) => [queue, dead]),
  ].filter((name) => typeof name === "string");
  return [...new Set(names)];
}

/** @param {Config} config @returns {string[]} the queues whose messages the Worker takes */
export function consumedQueuesOf(config) {
  return (config["queues"]?.consumers ?? []).map((/** @type {{ queue: string }} */ { queue }) => queue);
}

/** @param {Config} config @returns {string[]} */
export function requiredSecretsOf(config) {
  return config["secrets"]?.required ?? [];
}
