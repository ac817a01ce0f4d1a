import { PLAN_VARIABLE, databasesOf } from "./config.mjs";
import { DeployError } from "./deploy-error.mjs";

/**
 * What the account has under the name of a gateway.
 * @typedef {{
 *   exists: boolean,
 *   secrets: string[],
 *   bindings: Map<string, Record<string, any>>,
 *   plan: import("./options.mjs").Plan | null,
 *   domains: string[],
 *   isOnWorkersDev: boolean,
 * }} Deployed
 */

/** @type {Deployed} */
const NOTHING = { exists: false, secrets: [], bindings: new Map(), plan: null, domains: [], isOnWorkersDev: false };

/**
 * Reads what is deployed. Changes nothing.
 * @param {import("./api.mjs").Api} api
 * @param {string} name
 * @returns {Promise<Deployed>}
 */
export async function survey(api, name) {
  const service = await api.find(`/workers/services/${name}`);
  if (service?.default_environment === undefined) return NOTHING;
  const script = `/workers/scripts/${name}`;
  const [secrets, settings, domains, subdomain] = await Promise.all([
    api.find(`${script}/secrets`),
    api.find(`${script}/settings`),
    api.find(`/workers/domains?service=${name}`),
    api.find(`${script}/subdomain`),
  ]);
  const bindings = new Map(listOf(settings?.bindings).map((binding) => [String(binding["name"]), binding]));
  const plan = bindings.get(PLAN_VARIABLE)?.["text"];
  return {
    exists: true,
    secrets: [
      ...listOf(secrets).map((secret) => String(secret["name"])),
      ...[...bindings.values()].filter(({ type }) => type === "secret_text").map((secret) => String(secret["name"])),
    ],
    bindings,
    plan: plan === "free" || plan === "paid" ? plan : null,
    domains: listOf(domains).flatMap(({ service, hostname }) =>
      service === name && typeof hostname === "string" ? [hostname] : [],
    ),
    isOnWorkersDev: subdomain?.enabled === true,
  };
}

/** @param {unknown} value @returns {Record<string, any>[]} */
export function listOf(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * Throws a DeployError if the Worker of this name is another program. It is a gateway if it has the secrets or the bindings
 * of one, or if this checkout has made its secrets.
 * @param {Deployed} deployed
 * @param {import("./config.mjs").Config} config
 * @param {boolean} hasSecretsFile
 */
export function checkWorker(deployed, config, hasSecretsFile) {
  if (!deployed.exists || hasSecretsFile) return;
  if (deployed.secrets.includes("ADMIN_TOKEN") && deployed.secrets.includes("MASTER_KEY")) return;
  const hasDatabase = databasesOf(config).some(({ binding }) => deployed.bindings.get(binding)?.["type"] === "d1");
  const hasQueue = deployed.bindings.get("EVENTS")?.["type"] === "queue";
  if (hasDatabase && hasQueue) return;
  throw new DeployError(
    `The account has a Worker with the name ${config.name} that is no gateway. It is left as it is.`,
    "Choose another name: npm run deploy -- --name NAME",
  );
}

/**
 * Throws a DeployError if another Worker takes messages from a queue of this name.
 * @param {string} queue
 * @param {Record<string, any> | null} found
 * @param {string} name
 */
export function checkQueue(queue, found, name) {
  const others = listOf(found?.["consumers"])
    .map(({ script, script_name: scriptName, service }) => script ?? scriptName ?? service)
    .filter((consumer) => typeof consumer === "string" && consumer !== name);
  if (others.length === 0) return;
  throw new DeployError(
    `The queue ${queue} belongs to the Worker ${others[0]}, which takes its messages. It is left as it is.`,
    `Choose another name: npm run deploy -- --name NAME. Or, if ${others[0]} is not used any more, delete it with npx wrangler delete ${others[0]}.`,
  );
}

/**
 * Throws a DeployError if a database of a gateway's name is that of another gateway. Reads all Workers of the account, unless
 * the gateway binds the database already. A Worker without the queue of a gateway may read the database, too.
 * @param {import("./api.mjs").Api} api
 * @param {{ name: string, id: string }} database
 * @param {{ name: string, deployed: Deployed }} gateway
 */
export async function checkDatabase(api, database, { name, deployed }) {
  const isBound = (/** @type {Iterable<Record<string, any>>} */ bindings) =>
    [...bindings].some(({ type, id, database_id: databaseId }) => type === "d1" && (id ?? databaseId) === database.id);
  if (isBound(deployed.bindings.values())) return;
  for (const { id: other } of listOf(await api.find("/workers/scripts"))) {
    if (typeof other !== "string" || other === name) continue;
    const settings = await api.find(`/workers/scripts/${other}/settings`);
    const bindings = listOf(settings?.bindings);
    const isGateway = bindings.some((binding) => binding["type"] === "queue" && binding["name"] === "EVENTS");
    if (!isGateway || !isBound(bindings)) continue;
    throw new DeployError(
      `The database ${database.name} belongs to the gateway ${other}. It is left as it is.`,
      "Choose another name: --name NAME",
    );
  }
}
