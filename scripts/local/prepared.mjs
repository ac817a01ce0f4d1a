import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { buildWorker } from "../build/worker.mjs";
import { VARIABLES } from "./variable-names.mjs";
import { readConfig } from "./worker.mjs";

/** Where a start leaves what it prepared for the next one, below the root. */
export const PREPARED_FILE = "build/worker.json";

/** Everything that the Worker and its configuration depend on. */
const SOURCES = ["src", "migrations", "scripts/build", "scripts/local", "scripts/schema"];
const SINGLE_SOURCES = ["package-lock.json", "package.json", "tsconfig.json", "wrangler.toml"];
/** wrangler puts the values of these files into the configuration. They can be secrets. */
const SECRET_FILES = [".dev.vars", ".env", ".env.local"];

/** @typedef {import("./worker.mjs").Config & { modules: import("../build/worker.mjs").Module[] }} Prepared */

/**
 * Builds the Worker and reads its configuration, which takes three seconds of a small machine. Takes both from the start
 * before if nothing has changed since. One file holds all, so that several may start side by side.
 * @param {string} root
 * @returns {Promise<Prepared>}
 */
export async function prepareWorker(root) {
  if (SECRET_FILES.some((name) => existsSync(join(root, name))) || namesInEnvironment().some(isOfWrangler)) {
    return await prepare(root);
  }
  const file = join(root, PREPARED_FILE);
  const hash = await hashOfSources(root);
  const kept = await readKept(file);
  if (kept?.hash === hash && !isChangedByEnvironment(kept.prepared)) return kept.prepared;
  const prepared = await prepare(root);
  if (!isChangedByEnvironment(prepared)) await replace(file, JSON.stringify({ hash, prepared }));
  return prepared;
}

/**
 * @param {string} root
 * @returns {Promise<Prepared>}
 */
async function prepare(root) {
  const temporary = await mkdtemp(join(tmpdir(), "hookgate-worker-"));
  try {
    const [config, { modules }] = await Promise.all([readConfig(root), buildWorker(root, temporary)]);
    return { ...config, modules };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @param {string} root */
async function hashOfSources(root) {
  const hash = createHash("sha256");
  const folders = await Promise.all(SOURCES.map((folder) => filesIn(root, folder)));
  for (const path of [...folders.flat(), ...SINGLE_SOURCES].toSorted()) {
    const bytes = await readFile(join(root, path)).catch(() => ""); // what is missing is an error of the build
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** @param {string} root @param {string} folder */
async function filesIn(root, folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/**
 * @param {string} file
 * @returns {Promise<{ hash: string, prepared: Prepared } | null>} null if there is none that can be read
 */
async function readKept(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}

/** @param {string} file @param {string} text */
async function replace(file, text) {
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(temporary, text);
  await rename(temporary, file);
}

const namesInEnvironment = () => Object.keys(process.env).filter((name) => process.env[name] !== "");

/** @param {string} name */
const isOfWrangler = (name) => name.startsWith("CLOUDFLARE_");

/**
 * Whether the environment sets a variable of wrangler.toml that only wrangler knows.
 * @param {Prepared} prepared
 */
function isChangedByEnvironment({ worker }) {
  return namesInEnvironment().some((name) => !VARIABLES.includes(name) && Object.hasOwn(worker.bindings ?? {}, name));
}
