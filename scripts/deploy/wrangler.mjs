import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DeployError } from "./deploy-error.mjs";
import { adviceFor } from "./permissions.mjs";

/** The values of the first three would replace those of a secrets file, and the last one would choose another configuration. */
const NOT_PASSED = ["ADMIN_TOKEN", "MASTER_KEY", "MASTER_KEY_PREVIOUS", "CLOUDFLARE_ENV"];

/**
 * @typedef {{ status: number | null, stdout: string, stderr: string }} Run
 */

/**
 * Runs wrangler without a terminal, so that it asks nothing.
 * @param {string} root
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<Run>}
 */
export function runWrangler(root, args, env = {}) {
  const bundled = join(root, "node_modules/.bin/node");
  /** @type {NodeJS.ProcessEnv} */
  const environment = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true", NO_COLOR: "1", ...env };
  for (const name of NOT_PASSED) Reflect.deleteProperty(environment, name);
  const command = existsSync(bundled) ? bundled : process.execPath;
  const child = spawn(command, [join(root, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * Runs wrangler. Throws a DeployError with its own message if it fails.
 * @param {string} root
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
export async function wrangler(root, args, env) {
  const run = await runWrangler(root, args, env);
  if (run.status === 0) return run;
  const message = errorIn(run);
  const codes = [...message.matchAll(/\[code: (\d+)\]/g)].map(([, code]) => Number(code));
  const path = /\((\/[^)\s]*)\)/.exec(message)?.[1] ?? "";
  throw new DeployError(`wrangler ${args[0]} failed: ${message}`, adviceFor({ path, codes }));
}

/** @param {Run} run */
function errorIn({ stdout, stderr }) {
  const text = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const errors = text.split(/^.*\[ERROR\]\s*/m).slice(1);
  const parts = errors.map(
    (error) => error.split(/If you think this is|🪵|Note that there is a newer/)[0]?.trim() ?? "",
  );
  const said = parts.filter((part) => part !== "").join("\n");
  return said === "" ? text.trim().split("\n").slice(-15).join("\n") : said;
}
