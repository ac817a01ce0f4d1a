import { existsSync } from "node:fs";
import { relative } from "node:path";
import { createInterface } from "node:readline/promises";
import { bucketsOf, chooseAddress, databasesOf, deriveConfig, queuesOf, readWranglerToml } from "./config.mjs";
import { signIn } from "./credentials.mjs";
import { appliedMigrations, findDatabase } from "./databases.mjs";
import { DeployError, asDeployError } from "./deploy-error.mjs";
import { explainInterruption } from "./interruption.mjs";
import { lockCheckout } from "./lock.mjs";
import { emptyBucket } from "./objects.mjs";
import { findQueues, migrationsOf } from "./resources.mjs";
import { secretsFile } from "./secrets.mjs";
import { Steps } from "./steps.mjs";
import { checkDatabase, checkWorker, listOf, survey } from "./survey.mjs";

/**
 * @typedef {import("./resources.mjs").Session} Session
 * @typedef {{
 *   worker: import("./survey.mjs").Deployed,
 *   queues: { name: string, id: string, consumers: string[] }[],
 *   buckets: string[],
 *   databases: { name: string, id: string }[],
 *   kept: string[],
 * }} Found
 */

/**
 * Deletes a gateway and all that belongs to it. A second run continues where the first one failed.
 * @param {string} root
 * @param {{ name: string, yes: boolean }} options
 * @param {(line: string) => void} print
 */
export async function destroy(root, { name, yes }, print) {
  await lockCheckout(root, print);
  const steps = new Steps(["Account", "Name", "Worker", "Queues", "Bucket", "Database"], print);
  explainInterruption(() => failureOf(new DeployError("\nThe deletion was interrupted."), steps, name));
  try {
    const session = await steps.run("Account", async () => {
      const { api, env } = await signIn(root, readWranglerToml(root));
      return { line: api.accountId, result: { root, api, env, isDryRun: false } };
    });
    const found = await steps.run("Name", async () => ({ line: name, result: await examine(session, name) }));
    const names = namesOf(found, name);
    if (names.length === 0) {
      print(`\nThe account has nothing of a gateway ${name}.`);
      return;
    }
    print(`\nThis deletes the gateway ${name} with all of its data:\n\n  ${names.join("\n  ")}\n`);
    if (found.kept.length > 0) print(`These have names of their own and stay: ${found.kept.join(", ")}\n`);
    if (!yes) await confirm(name);
    await steps.run("Worker", () => deleteWorker(session, name, found));
    await steps.run("Queues", () => deleteQueues(session, found));
    await steps.run("Bucket", (note) => deleteBuckets(session, found, note));
    await steps.run("Database", () => deleteDatabases(session, found));
    print(`\nThe gateway ${name} is deleted.${noteOfSecrets(root, name)}`);
  } catch (error) {
    throw failureOf(asDeployError(error), steps, name);
  } finally {
    explainInterruption(null);
  }
}

/** @param {DeployError} error @param {Steps} steps @param {string} name */
function failureOf(error, steps, name) {
  if (!steps.isDone("Name")) return new DeployError(error.message, error.advice || "Nothing was deleted.");
  const advice = [error.advice, steps.summary(), `To continue: npm run destroy -- --name ${name}`];
  return new DeployError(error.message, advice.filter((part) => part !== "").join("\n\n"));
}

/**
 * Finds what belongs to a gateway. Throws a DeployError if something of its name belongs to something else.
 * @param {Session} session
 * @param {string} name
 * @returns {Promise<Found>}
 */
async function examine(session, name) {
  const { root, api } = session;
  const toml = readWranglerToml(root);
  const worker = await survey(api, name);
  const address = chooseAddress(toml, { name, domain: null, deployed: worker });
  const config = deriveConfig(toml, { name, plan: worker.plan, address });
  checkWorker(worker, config, existsSync(secretsFile(root, name)));
  const isOwn = (/** @type {string} */ resource) => resource === name || resource.startsWith(`${name}-`);
  const queues = [...(await findQueues(session, config))].flatMap(([queue, one]) =>
    one === null || !isOwn(queue)
      ? []
      : [{ name: queue, id: one["queue_id"], consumers: listOf(one["consumers"]).map((each) => each["consumer_id"]) }],
  );
  const buckets = [];
  for (const bucket of bucketsOf(config).filter(isOwn)) {
    if ((await api.find(`/r2/buckets/${bucket}`)) !== null) buckets.push(bucket);
  }
  const own = new Set(migrationsOf(root));
  const databases = [];
  for (const database of databasesOf(config).filter((each) => isOwn(each.name))) {
    const id = database.id ?? (await findDatabase(api, database.name));
    if (id === null) continue;
    await checkDatabase(api, { name: database.name, id }, { name, deployed: worker });
    await appliedMigrations(api, { name: database.name, id }, own);
    databases.push({ name: database.name, id });
  }
  const all = [...bucketsOf(config), ...queuesOf(config), ...databasesOf(config).map((each) => each.name)];
  return { worker, queues, buckets, databases, kept: all.filter((resource) => !isOwn(resource)) };
}

/** @param {Found} found @param {string} name */
function namesOf({ worker, queues, buckets, databases }, name) {
  return [
    ...(worker.exists ? [`Worker    ${[name, ...worker.domains].join(", ")}`] : []),
    ...queues.map((queue) => `queue     ${queue.name}`),
    ...buckets.map((bucket) => `bucket    ${bucket}`),
    ...databases.map((database) => `database  ${database.name}`),
  ];
}

/**
 * Asks for the name. Throws a DeployError if the answer is another text.
 * @param {string} name
 */
async function confirm(name) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new AbortController();
  terminal.once("close", () => ended.abort());
  const answer = await terminal.question(`Type ${name} to delete it: `, { signal: ended.signal }).catch(() => "");
  terminal.close();
  if (answer.trim() === name) return;
  throw new DeployError("The name was not entered. Nothing was deleted.", "Without a terminal, add --yes.");
}

/**
 * Deletes the Worker first, so that nothing uses the others while they are deleted.
 * @param {Session} session
 * @param {string} name
 * @param {Found} found
 */
async function deleteWorker({ api }, name, { worker, queues }) {
  for (const { id, consumers } of queues) {
    for (const consumer of consumers) await api.remove(`/queues/${id}/consumers/${consumer}`);
  }
  if (!worker.exists) return { line: "there is none", result: null };
  const domains = listOf(await api.find(`/workers/domains?service=${name}`));
  for (const { id, service } of domains) if (service === name) await api.remove(`/workers/domains/${id}`);
  const isGone = await api.remove(`/workers/services/${name}?force=true`);
  if (!isGone) await api.remove(`/workers/scripts/${name}?force=true`);
  return { line: "deleted", result: null };
}

/** @param {Session} session @param {Found} found */
async function deleteQueues({ api }, { queues }) {
  for (const { id } of queues) await api.remove(`/queues/${id}`);
  return { line: queues.map((queue) => queue.name).join(", ") || "there are none", result: null };
}

/** @param {Session} session @param {Found} found @param {(line: string) => void} note */
async function deleteBuckets({ api }, { buckets }, note) {
  for (const bucket of buckets) {
    await emptyBucket(api, bucket, note);
    await api.remove(`/r2/buckets/${bucket}`);
  }
  return { line: buckets.join(", ") || "there is none", result: null };
}

/** @param {Session} session @param {Found} found */
async function deleteDatabases({ api }, { databases }) {
  for (const { id } of databases) await api.remove(`/d1/database/${id}`);
  return { line: databases.map((database) => database.name).join(", ") || "there is none", result: null };
}

/** A sentence about the secrets of a gateway that is gone. @param {string} root @param {string} name */
function noteOfSecrets(root, name) {
  const file = secretsFile(root, name);
  if (!existsSync(file)) return "";
  return ` ${relative(root, file)} stays: a backup can be used only with the MASTER_KEY in it, and a new gateway ${name} takes it.`;
}
