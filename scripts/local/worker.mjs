import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { StartError } from "./start-error.mjs";
import { VARIABLES } from "./variable-names.mjs";

/**
 * The Worker as the runtime takes it, from wrangler.toml, and the migrations of its databases.
 * @typedef {{ worker: import("miniflare").V4WorkerOptions, migrations: import("./migrations.mjs").Migration[] }} Config
 */

/**
 * @param {string} root the folder of wrangler.toml and migrations/
 * @returns {Promise<Config>}
 */
export async function readConfig(root) {
  // readVariables reads the variables. wrangler would warn of secrets that are missing.
  const env = { ...process.env, WRANGLER_LOG: "none" };
  for (const name of VARIABLES) Reflect.deleteProperty(env, name);
  const reader = fork(fileURLToPath(new URL("./read-config.mjs", import.meta.url)), [root], { env });
  const exit = once(reader, "exit").then(() => {
    throw new StartError("wrangler.toml could not be read.");
  });
  const [config] = await Promise.race([once(reader, "message"), exit]);
  exit.catch(() => {});
  return config;
}
