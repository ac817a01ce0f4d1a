import { hkdfSync } from "node:crypto";
import { DeployError } from "../deploy/deploy-error.mjs";
import { FORMAT, readArchive } from "./archive.mjs";
import { Progress } from "../progress.mjs";
import { openDeployed } from "./deployed.mjs";
import { openLocal } from "./local.mjs";
import { checkEmpty, deleteRows, insertRows, migrationsIn } from "./tables.mjs";

/** The purposes of keys that a gateway needs. Rows of others are ignored, such as those of lost keys. */
const PURPOSES = new Set(["seal", "hash", "sign", "address"]);

/**
 * Fills a gateway from a file. Everything is checked before anything is changed.
 * @param {string} root
 * @param {{ target: import("./options.mjs").Target, file: string, replace: boolean }} options
 * @param {(line: string) => void} print
 * @param {Progress} [progress]
 */
export async function restore(root, { target, file, replace }, print, progress = new Progress()) {
  progress.step("Checking the backup");
  const { header, wraps } = await examine(file).catch((/** @type {unknown} */ error) => {
    if (!(error instanceof DeployError)) throw error;
    throw new DeployError(error.message, `${error.advice} Nothing was changed.`.trim());
  });
  const store =
    target.kind === "local"
      ? await openLocal(root, target.folder, { mayCreate: true, shards: header.databases.length })
      : await openDeployed(root, target.name);
  try {
    await checkSchema(store, header);
    if (!replace) await checkEmpty(store);
    await checkMasterKey(store, wraps, target);
    progress.end();
    print(`Restoring the gateway ${header.name} of ${header.created_at} into ${store.name}.`);
    const counts = await fill(store, file, progress).catch((/** @type {unknown} */ error) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DeployError(
        `The restore failed: ${reason}`,
        "The gateway has a part of the backup now. Run the command again with --replace.",
      );
    });
    progress.end();
    print(`Restored ${counts.rows} rows and ${counts.objects} objects.\n\n${nextStep(target, store.name)}`);
  } finally {
    progress.end();
    await store.close();
  }
}

/** @param {import("./options.mjs").Target} target @param {string} name */
function nextStep(target, name) {
  if (target.kind === "local") return `Start it with its MASTER_KEY: npm start -- --persist-to ${target.folder}`;
  return `Now run npm run deploy -- --name ${name}: it starts the Worker anew, with the keys and the configuration of the backup.`;
}

/**
 * Reads a whole backup, so that a file that is not complete is found before anything is changed.
 * @param {string} file
 * @returns {Promise<{ header: import("./archive.mjs").Header, wraps: Set<string>[] }>} with the ids of the master keys of each key
 */
async function examine(file) {
  /** @type {import("./archive.mjs").Header | null} */
  let header = null;
  /** @type {Set<string>[]} */
  const wraps = [];
  for await (const line of readArchive(file)) {
    if (line.kind === "header") header = line;
    if (header === null) break;
    if (line.kind === "rows" && line.table === "keys") wraps.push(...wrapsIn(line));
  }
  if (header === null) throw new DeployError(`${file} is not a backup of a gateway.`);
  if (header.format === FORMAT) return { header, wraps };
  throw new DeployError(`${file} has the format ${header.format}, which is of a later version.`, "Use that version.");
}

/** @param {import("./archive.mjs").Rows} page @returns {Set<string>[]} */
function wrapsIn({ columns, rows }) {
  const [purpose, wraps] = [columns.indexOf("purpose"), columns.indexOf("wraps")];
  return rows
    .filter((row) => PURPOSES.has(String(row[purpose])))
    .map((row) => new Set(Object.keys(JSON.parse(String(row[wraps])))));
}

/**
 * Throws a DeployError if a gateway lacks a shard or a migration of a backup.
 * @param {import("./tables.mjs").Store} store
 * @param {import("./archive.mjs").Header} header
 */
async function checkSchema(store, { databases, migrations, version }) {
  const lacking = databases.filter((database) => !store.databases.includes(database));
  if (lacking.length > 0) {
    throw new DeployError(`The gateway has no ${lacking.join(", ")}.`, "Give it as many shards as the backup has.");
  }
  for (const database of databases) {
    const applied = new Set(await migrationsIn(store, database));
    const missing = migrations.filter((name) => !applied.has(name));
    if (missing.length === 0) continue;
    throw new DeployError(
      `The database ${database} lacks ${missing.join(", ")}, which the backup has.`,
      `Deploy version ${version} or a later one before.`,
    );
  }
}

/**
 * Throws a DeployError if the master key of a gateway does not open the keys of a backup.
 * @param {import("./tables.mjs").Store} store
 * @param {readonly Set<string>[]} wraps
 * @param {import("./options.mjs").Target} target
 */
async function checkMasterKey(store, wraps, { kind }) {
  if (wraps.length === 0) return;
  const own = await masterKeysOf(store);
  if (own.size === 0) {
    throw new DeployError(
      "It is not known which MASTER_KEY the gateway has, so nothing was changed.",
      "Set MASTER_KEY in the environment to that of the gateway that was saved.",
    );
  }
  if (wraps.every((ids) => [...own].some((id) => ids.has(id)))) return;
  throw new DeployError(
    "The gateway has another MASTER_KEY than the one that was saved, so it could not open the secrets of the backup. Nothing was changed.",
    kind === "local"
      ? "Set MASTER_KEY in the environment to that of the gateway that was saved, for this command and for npm start."
      : `Give it the MASTER_KEY of the gateway that was saved: npx wrangler secret put MASTER_KEY --name ${store.name}. Set the variable MASTER_KEY to it for this command, too.`,
  );
}

/**
 * The ids of the master keys of a gateway: of the one that this machine has, else of those that its keys are wrapped under.
 * @param {import("./tables.mjs").Store} store
 * @returns {Promise<Set<string>>}
 */
async function masterKeysOf(store) {
  if (store.masterKey !== null) return new Set([idOfMasterKey(store.masterKey)]);
  const rows = await store.query("DB", "SELECT purpose, wraps FROM keys");
  return new Set(
    rows
      .filter(({ purpose }) => PURPOSES.has(String(purpose)))
      .flatMap(({ wraps }) => Object.keys(JSON.parse(String(wraps)))),
  );
}

/** The id of a master key, as src/crypto/master-key.ts makes it. @param {string} masterKey */
function idOfMasterKey(masterKey) {
  const bytes = hkdfSync("sha256", Buffer.from(masterKey, "base64"), Buffer.alloc(0), "hookgate key id", 4);
  return Buffer.from(bytes).toString("hex");
}

/**
 * @param {import("./tables.mjs").Store} store
 * @param {string} file
 * @param {Progress} progress
 */
async function fill(store, file, progress) {
  progress.step("Writing rows and objects");
  const [before] = await store.query("DB", "SELECT revision FROM config_revision");
  const counts = { rows: 0, objects: 0 };
  await deleteRows(store);
  for await (const line of readArchive(file)) {
    if (line.kind === "rows") {
      await insertRows(store, line);
      counts.rows += line.rows.length;
    } else if (line.kind === "object") {
      await store.write({ ...line, body: Buffer.from(line.body, "base64") });
      counts.objects += 1;
    }
    progress.detail(`${counts.rows} rows, ${counts.objects} objects`);
  }
  // Isolates that hold the configuration from before read it again.
  await store.query("DB", "UPDATE config_revision SET revision = MAX(revision, ?) + 1", [
    Number(before?.["revision"] ?? 0),
  ]);
  return counts;
}
