import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartError } from "./start-error.mjs";

/**
 * The Worker as the runtime takes it, from wrangler.toml, and the migrations of its databases.
 * @typedef {{ worker: import("miniflare").V4WorkerOptions, migrations: import("./migrations.mjs").Migration[] }} Config
 */

/**
 * @param {string} root the folder of wrangler.toml and migrations/
 * @returns {Promise<Config>}
 */
export async function readConfig(root) {
  const reader = fork(fileURLToPath(new URL("./read-config.mjs", import.meta.url)), [root], {
    env: { ...process.env, WRANGLER_LOG: "none" }, // it would warn of secrets that readVariables sees to
  });
  const exit = once(reader, "exit").then(() => {
    throw new StartError("wrangler.toml could not be read.");
  });
  const [config] = await Promise.race([once(reader, "message"), exit]);
  exit.catch(() => {});
  return config;
}

/**
 * Bundles the Worker into a folder just as `wrangler deploy` would, and answers the text of the bundle.
 * @param {string} root the folder of wrangler.toml
 * @param {string} outdir
 * @returns {Promise<string>}
 */
export async function bundle(root, outdir) {
  const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin", "wrangler.js");
  await new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [wrangler, "deploy", "--dry-run", "--outdir", outdir],
      {
        cwd: root,
        env: { ...process.env, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(undefined);
        else reject(new StartError(`The Worker could not be bundled.\n${stdout}${stderr}`));
      },
    );
  });
  return readFile(join(outdir, "index.js"), "utf8");
}
