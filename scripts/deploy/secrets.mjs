import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { DeployError } from "./deploy-error.mjs";

/** @typedef {Record<string, string>} Secrets */
/** What a Worker gets: the names of those that are new, and of those that the file has. @typedef {{ values: Secrets, generated: string[], stored: string[] }} Chosen */

const GENERATORS = /** @type {Record<string, () => string>} */ ({
  ADMIN_TOKEN: () => `adm_${randomBytes(24).toString("hex")}`,
  MASTER_KEY: () => randomBytes(32).toString("base64"),
});

/** What the Worker requires of a secret (src/settings.ts). */
const RULES = /** @type {Record<string, { isValid: (value: string) => boolean, rule: string }>} */ ({
  ADMIN_TOKEN: {
    isValid: (value) => /^[\x21-\x7e]{16,}$/.test(value),
    rule: "must be at least 16 printable ASCII characters without spaces",
  },
  MASTER_KEY: {
    isValid: (value) => /^[A-Za-z0-9+/]{43}=$/.test(value) && Buffer.from(value, "base64").length === 32,
    rule: "must be 32 bytes in base64, as openssl rand -base64 32 prints them",
  },
});

/**
 * The file that keeps the secrets that were generated for a gateway.
 * @param {string} root
 * @param {string} name
 */
export function secretsFile(root, name) {
  return join(root, ".hookgate", `${name}.secrets`);
}

/**
 * @param {string} file
 * @returns {Secrets}
 */
export function readSecrets(file) {
  if (!existsSync(file)) return {};
  const entries = Object.entries(parseEnv(readFileSync(file, "utf8")));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/**
 * The values of the secrets that a Worker lacks: from the file or the environment, else generated. Nothing is stored. Throws a
 * DeployError if the file and the environment differ: a wrong MASTER_KEY would be noticed too late.
 * @param {{ missing: readonly string[], file: string, environment: Record<string, string | undefined>, mayGenerate: (name: string) => Promise<void> }} from
 *   `mayGenerate` throws if a new value would do harm
 * @returns {Promise<Chosen>}
 */
export async function valuesOf({ missing, file, environment, mayGenerate }) {
  const stored = readSecrets(file);
  /** @type {Secrets} */
  const values = {};
  const generated = [];
  for (const name of missing) {
    const given = environment[name] === "" ? undefined : environment[name];
    const known = stored[name] ?? given;
    if (known !== undefined && given !== undefined && known !== given) {
      throw new DeployError(
        `${name} of the environment is another one than that of ${file}.`,
        `Unset the variable to use that of the file, or remove the line from the file. Keep a copy of a MASTER_KEY that you remove.`,
      );
    }
    if (known !== undefined) {
      const { isValid, rule } = RULES[name] ?? { isValid: () => true, rule: "" };
      const source = stored[name] === undefined ? "the environment" : file;
      if (!isValid(known)) throw new DeployError(`${name} of ${source} ${rule}.`, "Correct it, or remove it.");
      values[name] = known;
      continue;
    }
    const generate = GENERATORS[name];
    if (generate === undefined) {
      throw new DeployError(
        `The Worker lacks the secret ${name}, which wrangler.toml requires.`,
        `Set the variable ${name} in the environment of this command.`,
      );
    }
    await mayGenerate(name);
    values[name] = generate();
    generated.push(name);
  }
  return { values, generated, stored: missing.filter((name) => stored[name] !== undefined) };
}

/**
 * Lets only its owner read the file, as a copy by hand may not. Returns whether others could read it.
 * @param {string} file
 */
export function closeToOthers(file) {
  // Windows has no such modes.
  if (process.platform === "win32" || !existsSync(file) || (statSync(file).mode & 0o077) === 0) return false;
  chmodSync(file, 0o600);
  return true;
}

/**
 * Adds generated secrets to the file, which only its owner can read. The file is complete or unchanged if the process ends
 * meanwhile.
 * @param {string} file
 * @param {Secrets} secrets
 */
export function storeSecrets(file, secrets) {
  const before = existsSync(file) ? readFileSync(file, "utf8").replace(/\n*$/, "\n") : "";
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, before + lines.join(""), { mode: 0o600 });
  renameSync(temporary, file);
}
