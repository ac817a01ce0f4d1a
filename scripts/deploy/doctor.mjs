import { readFileSync } from "node:fs";
import { join } from "node:path";
import { urlOf } from "./address.mjs";
import {
  bucketsOf,
  chooseAddress,
  consumedQueuesOf,
  databasesOf,
  deriveConfig,
  readWranglerToml,
  requiredSecretsOf,
} from "./config.mjs";
import { signIn } from "./credentials.mjs";
import { appliedMigrations, findDatabase, isShard } from "./databases.mjs";
import { DeployError } from "./deploy-error.mjs";
import { readiness } from "./ready.mjs";
import { findQueues, migrationsOf } from "./resources.mjs";
import { readSecrets, secretsFile } from "./secrets.mjs";
import { listOf, survey } from "./survey.mjs";
import { sendTestEvent } from "./test-event.mjs";

/**
 * @typedef {import("./config.mjs").Config} Config
 * @typedef {import("./survey.mjs").Deployed} Deployed
 * @typedef {{ root: string, api: import("./api.mjs").Api, config: Config, deployed: Deployed, url: string | null, token: string | null }} Patient
 */
/** What a check returns: a line about what is right, and sentences about what is wrong. @typedef {{ line: string, faults: string[] }} Finding */

/** The command that deploys a gateway. @param {Pick<Patient, "config" | "root">} patient */
function deployCommand({ config, root }) {
  const isDefault = readWranglerToml(root).name === config.name;
  return `npm run deploy${isDefault ? "" : ` -- --name ${config.name}`}`;
}

/** @type {[title: string, check: (patient: Patient) => Promise<Finding>][]} */
const CHECKS = [
  ["Bindings", checkBindings],
  ["Secrets", checkSecrets],
  ["Migrations", checkMigrations],
  ["Bucket", checkBuckets],
  ["Consumers", checkConsumers],
  ["Schedule", checkSchedule],
  ["Version", checkVersion],
  ["Ready", checkReady],
  ["Test event", checkEvent],
];

/**
 * Checks a deployed gateway. Throws a DeployError if something is wrong, after all checks.
 * @param {string} root
 * @param {{ name: string | null, url: string | null }} options
 * @param {(line: string) => void} print
 */
export async function examine(root, { name: chosen, url: given }, print) {
  const toml = readWranglerToml(root);
  const name = chosen ?? toml.name;
  const { api } = await signIn(root, toml);
  const deployed = await survey(api, name);
  if (!deployed.exists) {
    throw new DeployError(`The account has no gateway ${name}.`, `npm run deploy -- --name ${name} makes it.`);
  }
  const address = chooseAddress(toml, { name, domain: null, deployed });
  const config = deriveConfig(toml, { name, plan: deployed.plan, address });
  const url = given ?? (await urlOf(api, config, address));
  const tokens = [process.env["ADMIN_TOKEN"], readSecrets(secretsFile(root, name))["ADMIN_TOKEN"]];
  const token = tokens.find((each) => each !== undefined && each !== "") ?? null;
  print(`The gateway ${name}${url === null ? "" : ` at ${url}`}:\n`);
  let count = 0;
  for (const [title, check] of CHECKS) {
    const { line, faults } = await outcomeOf(check, { root, api, config, deployed, url, token });
    print(`  ${faults.length === 0 ? "✓" : "✗"} ${title}: ${faults.length === 0 ? line : faults.join("\n      ")}`);
    count += faults.length;
  }
  if (count > 0) throw new DeployError(`\n${count === 1 ? "One thing is" : `${count} things are`} wrong.`);
  print("\nNothing is wrong.");
}

/**
 * Runs a check. One that fails is a finding, too, so that the others run.
 * @param {(patient: Patient) => Promise<Finding>} check
 * @param {Patient} patient
 * @returns {Promise<Finding>}
 */
async function outcomeOf(check, patient) {
  try {
    return await check(patient);
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return { line: "", faults: [`${error.message} ${error.advice}`.trim()] };
  }
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkBindings({ root, config, deployed }) {
  const again = `${deployCommand({ root, config })} sets it.`;
  const { producers = [] } = config["queues"] ?? {};
  /** @type {[string, string, unknown][]} the name, the field that names the resource, and its value */
  const expected = [
    ...databasesOf(config).map(({ binding, id }) => /** @type {const} */ ([binding, "id", id])),
    ...listOf(config["r2_buckets"]).map(
      (each) => /** @type {const} */ ([each["binding"], "bucket_name", each["bucket_name"]]),
    ),
    ...listOf(producers).map((each) => /** @type {const} */ ([each["binding"], "queue_name", each["queue"]])),
    ...listOf(config["durable_objects"]?.bindings).map(
      (each) => /** @type {const} */ ([each["name"], "class_name", each["class_name"]]),
    ),
  ].map(([name, field, value]) => [String(name), field, value]);
  const faults = expected.flatMap(([name, field, value]) => {
    const bound = deployed.bindings.get(name);
    if (bound === undefined) return [`${name} is not bound. ${again}`];
    const actual = bound[field];
    const isOther = typeof value === "string" && typeof actual === "string" && actual !== value;
    return isOther ? [`${name} is bound to ${actual} instead of ${value}. ${again}`] : [];
  });
  return { line: expected.map(([name]) => name).join(", "), faults };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkSecrets({ root, config, deployed }) {
  const again = `${deployCommand({ root, config })} sets it.`;
  const required = requiredSecretsOf(config);
  const missing = required.filter((name) => !deployed.secrets.includes(name));
  const isRotating = deployed.secrets.includes("MASTER_KEY_PREVIOUS");
  return {
    line: `${required.join(", ")}${isRotating ? "; MASTER_KEY is being rotated (MASTER_KEY_PREVIOUS is set)" : ""}`,
    faults: missing.map((name) => `the Worker lacks ${name}. ${again}`),
  };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkMigrations({ root, api, config }) {
  const command = deployCommand({ root, config });
  const own = migrationsOf(root);
  const faults = [];
  let later = 0;
  for (const database of databasesOf(config).filter(isShard)) {
    const id = database.id ?? (await findDatabase(api, database.name));
    if (id === null) {
      faults.push(`there is no database ${database.name}. ${command} makes it.`);
      continue;
    }
    const applied = await appliedMigrations(api, { name: database.name, id }, new Set(own));
    const pending = own.filter((name) => !applied.has(name));
    later += [...applied].filter((name) => !own.includes(name)).length;
    if (pending.length > 0) faults.push(`${database.name} lacks ${pending.join(", ")}. ${command} applies them.`);
  }
  return { line: `all ${own.length} are applied${later > 0 ? `, and ${later} of a later version` : ""}`, faults };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkBuckets({ root, api, config }) {
  const command = deployCommand({ root, config });
  const faults = [];
  for (const bucket of bucketsOf(config)) {
    if ((await api.find(`/r2/buckets/${bucket}`)) === null)
      faults.push(`there is no bucket ${bucket}. ${command} makes it.`);
  }
  return { line: bucketsOf(config).join(", "), faults };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkConsumers({ root, api, config }) {
  const command = deployCommand({ root, config });
  const found = await findQueues({ root, api, env: {}, isDryRun: true }, config);
  const faults = consumedQueuesOf(config).flatMap((queue) => {
    const one = found.get(queue) ?? null;
    if (one === null) return [`there is no queue ${queue}. ${command} makes it.`];
    return listOf(one["consumers"]).length > 0 ? [] : [`nothing takes the messages of ${queue}. ${command} sets it.`];
  });
  return { line: consumedQueuesOf(config).join(", "), faults };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkSchedule({ root, api, config }) {
  const again = `${deployCommand({ root, config })} sets it.`;
  const found = await api.find(`/workers/scripts/${config.name}/schedules`);
  const present = listOf(found?.schedules).map(({ cron }) => cron);
  /** @type {string[]} */
  const crons = config["triggers"]?.crons ?? [];
  const missing = crons.filter((cron) => !present.includes(cron));
  return { line: crons.join(", "), faults: missing.map((cron) => `the schedule ${cron} is missing. ${again}`) };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkVersion({ root, url, token }) {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  if (url === null) return { line: `${own} is here; the Worker has no address to ask`, faults: [] };
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/openapi.json`, { headers }).catch(() => null);
  /** @type {any} */
  const document = response?.ok ? await response.json().catch(() => null) : null;
  const deployed = document?.info?.version;
  if (typeof deployed !== "string") return { line: `${own} is here; ${url} does not say its own`, faults: [] };
  if (deployed === own) return { line: own, faults: [] };
  return { line: `${deployed} is deployed, ${own} is here`, faults: [] };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkReady({ url }) {
  if (url === null) return { line: "the Worker has no address to ask", faults: [] };
  const found = await readiness(url);
  if (found.kind === "ready") return { line: `${url}/ready`, faults: [] };
  if (found.kind === "unreachable") return { line: "", faults: [`${url} does not respond: ${found.reason}.`] };
  return { line: "", faults: found.faults.map(({ path, message }) => `${path} ${message}`) };
}

/** @param {Patient} patient @returns {Promise<Finding>} */
async function checkEvent({ api, deployed, url, token }) {
  if (url === null) return { line: "not sent: the Worker has no address", faults: [] };
  if (token === null) return { line: "not sent: set ADMIN_TOKEN in the environment to send one", faults: [] };
  const bound = deployed.bindings.get("DOCUMENTS") ?? deployed.bindings.get("BODIES");
  const line = await sendTestEvent(url, token, (path) =>
    api.remove(`/r2/buckets/${bound?.["bucket_name"]}/objects/${path}`),
  );
  return { line, faults: [] };
}
