import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readSettings } from "../../src/settings.ts";
import { StartError } from "./start-error.mjs";

/** @typedef {Record<"ADMIN_TOKEN" | "MASTER_KEY" | "MASTER_KEY_PREVIOUS" | "ALLOW_PRIVATE_DESTINATIONS" | "ACCEPT_DURABILITY" | "RETRY_SCHEDULE" | "RETENTION_DAYS" | "HOT_HOURS" | "DISABLE_AFTER_SECONDS" | "EVENT_ROW_BYTES" | "ACCESS_TEAM_DOMAIN" | "ACCESS_AUD" | "ACCESS_ROLES", string>} Variables */

// Workers have it, the Node that runs this does not yet; src/settings.ts needs it.
if (!("fromBase64" in Uint8Array)) Object.assign(Uint8Array, { fromBase64: decodeBase64 });

/** @param {string} text */
function decodeBase64(text) {
  const bytes = Buffer.from(text, "base64");
  const unpadded = (/** @type {string} */ base64) => base64.replace(/=+$/, "");
  if (unpadded(bytes.toString("base64")) !== unpadded(text)) throw new SyntaxError("not base64");
  return Uint8Array.from(bytes);
}

/**
 * The variables of a local gateway: from the environment, else from .dev.vars, else the local defaults,
 * else what wrangler.toml says. Throws a StartError that names each one that is wrong.
 * @param {{ environment: NodeJS.ProcessEnv, devVarsFile: string, persistTo: string, deployed: Record<string, unknown> }} from
 * @returns {Variables}
 */
export function readVariables({ environment, devVarsFile, persistTo, deployed }) {
  const devVars = existsSync(devVarsFile) ? parseEnv(readFileSync(devVarsFile, "utf8")) : {};
  // A variable that is set to nothing counts as not set.
  const isSet = (/** @type {string} */ name) => Boolean(environment[name]) || Boolean(devVars[name]);
  const keys = isSet("ADMIN_TOKEN") && isSet("MASTER_KEY") ? {} : ownKeys(join(persistTo, "keys.json"));
  const read = (/** @type {keyof Variables} */ name, /** @type {unknown} */ otherwise) =>
    [environment[name], devVars[name], keys[name], otherwise].find((value) => Boolean(value))?.toString() ?? "";
  const variables = {
    ADMIN_TOKEN: read("ADMIN_TOKEN", ""),
    MASTER_KEY: read("MASTER_KEY", ""),
    MASTER_KEY_PREVIOUS: read("MASTER_KEY_PREVIOUS", ""),
    ALLOW_PRIVATE_DESTINATIONS: read("ALLOW_PRIVATE_DESTINATIONS", "true"),
    ACCEPT_DURABILITY: read("ACCEPT_DURABILITY", "outbox"),
    RETRY_SCHEDULE: read("RETRY_SCHEDULE", deployed["RETRY_SCHEDULE"]),
    RETENTION_DAYS: read("RETENTION_DAYS", deployed["RETENTION_DAYS"]),
    HOT_HOURS: read("HOT_HOURS", deployed["HOT_HOURS"]),
    DISABLE_AFTER_SECONDS: read("DISABLE_AFTER_SECONDS", deployed["DISABLE_AFTER_SECONDS"]),
    EVENT_ROW_BYTES: read("EVENT_ROW_BYTES", deployed["EVENT_ROW_BYTES"]),
    ACCESS_TEAM_DOMAIN: read("ACCESS_TEAM_DOMAIN", ""),
    ACCESS_AUD: read("ACCESS_AUD", ""),
    ACCESS_ROLES: read("ACCESS_ROLES", ""),
  };
  check(variables);
  return variables;
}

/** @param {Variables} variables */
function check(variables) {
  try {
    readSettings(/** @type {any} */ (variables));
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The token and the key that this gateway made for itself when it first started.
 * @param {string} file
 * @returns {Record<string, string>}
 */
function ownKeys(file) {
  if (existsSync(file)) return readKeys(file);
  const keys = {
    ADMIN_TOKEN: `adm_${randomBytes(24).toString("hex")}`,
    MASTER_KEY: randomBytes(32).toString("base64"),
  };
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  return keys;
}

/** @param {string} file */
function readKeys(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new StartError(
      `${file} is damaged: it is not JSON. Restore it from a copy: without its MASTER_KEY the stored secrets cannot be read.`,
    );
  }
}
