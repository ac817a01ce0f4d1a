import { existsSync } from "node:fs";
import { relative } from "node:path";
import {
  chooseAddress,
  consumedQueuesOf,
  databasesOf,
  deriveConfig,
  readWranglerToml,
  requiredSecretsOf,
} from "./config.mjs";
import { urlOf } from "./address.mjs";
import { build } from "./build.mjs";
import { signIn } from "./credentials.mjs";
import { hasKeys } from "./databases.mjs";
import { DeployError, asDeployError } from "./deploy-error.mjs";
import { attachDomain, checkHostIsFree } from "./domain.mjs";
import { explainInterruption } from "./interruption.mjs";
import { lockCheckout } from "./lock.mjs";
import { checkName } from "./options.mjs";
import { waitUntilReady } from "./ready.mjs";
import { showFailure, showResult } from "./report.mjs";
import { findQueues, makeBuckets, makeDatabases, makeQueues, migrate } from "./resources.mjs";
import { closeToOthers, secretsFile, storeSecrets, valuesOf } from "./secrets.mjs";
import { Steps } from "./steps.mjs";
import { checkWorker, survey } from "./survey.mjs";
import { removeTemporaryFiles, writeConfig, writeSecretsForUpload } from "./temporary.mjs";
import { wrangler } from "./wrangler.mjs";

/**
 * @typedef {import("./config.mjs").Config} Config
 * @typedef {import("./survey.mjs").Deployed} Deployed
 * @typedef {import("./resources.mjs").Session} Session
 */

/**
 * Deploys or upgrades a gateway. Each step finds what is there, so a second run continues where the first one failed.
 * @param {string} root
 * @param {import("./options.mjs").DeployOptions} options
 * @param {(line: string) => void} print
 */
export async function deploy(root, options, print) {
  const toml = readWranglerToml(root);
  const name = checkName(options.name ?? toml.name);
  const isDryRun = options.dryRun;
  if (!isDryRun) await lockCheckout(root, print);
  const titles = ["Account", "Name", "Build", "Database", "Migrations", "Bucket", "Queues", "Secrets", "Worker"];
  if (options.domain !== null) titles.push("Domain");
  if (options.wait && !isDryRun) titles.push("Ready");
  const steps = new Steps(titles, print);
  print(isDryRun ? `This is what would be done for ${name}:\n` : `Deploying ${name}, which takes about two minutes:\n`);
  /** @type {Deployed | null} */
  let deployed = null;
  const file = relative(root, secretsFile(root, name));
  const failureOf = (/** @type {DeployError} */ error) =>
    showFailure(error, { steps, name, deployed, isDryRun, options, file });
  explainInterruption(() => failureOf(new DeployError("\nThe deployment was interrupted.")));
  try {
    const session = await steps.run("Account", () => openSession(root, toml, isDryRun));
    const {
      found,
      config: derived,
      address,
      url,
      queues,
    } = await steps.run("Name", () => examine(session, toml, { ...options, name }));
    deployed = found;
    await steps.run("Build", (note) => build(session, derived, note));
    const { config, applied } = await steps.run("Database", () => makeDatabases(session, derived, found));
    await steps.run("Migrations", () => migrate(session, config, applied));
    await steps.run("Bucket", () => makeBuckets(session, config));
    await steps.run("Queues", () => makeQueues(session, queues));
    const secrets = await steps.run("Secrets", () => prepareSecrets(session, config, found));
    await steps.run("Worker", () => upload(session, config, found, secrets));
    if (options.domain !== null) await steps.run("Domain", () => attach(session, config, address));
    if (isDryRun) {
      print("\nNothing was changed.");
      return;
    }
    if (options.wait) {
      await steps.run("Ready", async (note) => {
        if (url === null) return { line: "not checked: wrangler.toml gives the Worker no address", result: null };
        await waitUntilReady(url, note);
        return { line: `${url}/ready`, result: null };
      });
    }
    showResult(print, {
      name,
      url,
      secrets,
      file,
      isNew: !found.exists,
      plan: options.plan ?? found.plan,
      isReady: options.wait,
    });
  } catch (error) {
    throw failureOf(asDeployError(error));
  } finally {
    explainInterruption(null);
    removeTemporaryFiles();
  }
}

/**
 * @param {string} root
 * @param {Config} toml
 * @param {boolean} isDryRun
 */
async function openSession(root, toml, isDryRun) {
  const { api, env } = await signIn(root, toml);
  return { line: api.accountId, result: { root, api, env, isDryRun } };
}

/**
 * Reads what the account has under the names of the gateway. Throws a DeployError if one belongs to something else.
 * @param {Session} session
 * @param {Config} toml
 * @param {import("./options.mjs").DeployOptions & { name: string }} options
 */
async function examine(session, toml, { name, plan, domain }) {
  const { root, api } = session;
  const found = await survey(api, name);
  const address = chooseAddress(toml, { name, domain, deployed: found });
  const config = deriveConfig(toml, { name, plan: plan ?? found.plan, address });
  checkWorker(found, config, existsSync(secretsFile(root, name)));
  const queues = await findQueues(session, config);
  if (domain !== null) await checkHostIsFree(api, name, domain);
  const url = await urlOf(api, config, address);
  const state = found.exists ? `${name} is deployed and will be upgraded` : `${name} is free`;
  return { line: state, result: { found, config, address, url, queues } };
}

/**
 * Chooses the values of the secrets that the Worker lacks, and stores those that are new before anything uses them.
 * @param {Session} session
 * @param {Config} config
 * @param {Deployed} deployed
 * @returns {Promise<{ line: string, result: import("./secrets.mjs").Chosen }>}
 */
async function prepareSecrets({ root, api, isDryRun }, config, deployed) {
  const missing = requiredSecretsOf(config).filter((name) => !deployed.secrets.includes(name));
  if (missing.length === 0) return { line: "the Worker has them", result: { values: {}, generated: [], stored: [] } };
  const file = secretsFile(root, config.name);
  const shown = relative(root, file);
  const hadReaders = !isDryRun && closeToOthers(file);
  const chosen = await valuesOf({
    missing,
    file,
    environment: process.env,
    mayGenerate: async (name) => {
      if (name === "MASTER_KEY") await refuseIfKeysExist(api, config, shown);
    },
  });
  const { values, generated } = chosen;
  if (generated.length > 0 && !isDryRun)
    storeSecrets(file, Object.fromEntries(generated.map((name) => [name, values[name] ?? ""])));
  const known = missing.filter((name) => !generated.includes(name));
  const parts = [
    ...(hadReaders ? [`others could read ${shown}; now only its owner can`] : []),
    ...(generated.length > 0
      ? [`${isDryRun ? "would generate" : "generated"} ${generated.join(", ")} into ${shown}`]
      : []),
    ...(known.length > 0
      ? [`${isDryRun ? "would use" : "will upload"} the ${known.join(", ")} that this machine has`]
      : []),
  ];
  return { line: parts.join("; "), result: chosen };
}

/**
 * @param {import("./api.mjs").Api} api
 * @param {Config} config
 * @param {string} file
 */
async function refuseIfKeysExist(api, config, file) {
  const primary = databasesOf(config).find(({ binding }) => binding === "DB");
  if (!primary?.id || !(await hasKeys(api, primary.id))) return;
  throw new DeployError(
    `The database ${primary.name} has keys that are wrapped under a MASTER_KEY which neither the Worker nor this machine has. A new one could not open them.`,
    `Set MASTER_KEY in the environment of this command, or copy ${file} from the machine that deployed this gateway first. If the key is lost, see docs/keys.md, "When a key cannot be opened".`,
  );
}

/**
 * Builds and uploads the Worker, with its consumers and its schedule.
 * @param {Session} session
 * @param {Config} config
 * @param {Deployed} deployed
 * @param {{ values: import("./secrets.mjs").Secrets }} secrets
 */
async function upload({ root, env, isDryRun }, config, deployed, { values }) {
  const consumers = consumedQueuesOf(config).length;
  /** @type {string[]} */
  const crons = config["triggers"]?.crons ?? [];
  const parts = `${consumers} consumers, schedule ${crons.join(" and ") || "none"}`;
  if (isDryRun)
    return { line: `would ${deployed.exists ? "upload a new version" : "create it"}: ${parts}`, result: null };
  const secretsArgs = Object.keys(values).length > 0 ? ["--secrets-file", writeSecretsForUpload(values)] : [];
  await wrangler(root, ["deploy", "--config", writeConfig(root, config), ...secretsArgs], env);
  return { line: `uploaded: ${parts}`, result: null };
}

/**
 * @param {Session} session
 * @param {Config} config
 * @param {import("./config.mjs").Address | null} address
 */
async function attach({ api, isDryRun }, config, address) {
  const host = address?.host ?? "";
  if (address?.isAttached) return { line: `${host} is attached`, result: null };
  if (isDryRun) return { line: `would serve the gateway at ${host} instead of workers.dev`, result: null };
  await attachDomain(api, config.name, host);
  return { line: `attached ${host}`, result: null };
}
