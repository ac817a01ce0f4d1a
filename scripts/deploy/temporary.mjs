import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endInOrder } from "./interruption.mjs";

// Files for wrangler that are gone when the process ends, even by Ctrl-C.

/** @type {Set<string>} */
const paths = new Set();
let isWatching = false;

/** Removes all temporary files. */
export function removeTemporaryFiles() {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  paths.clear();
}

/** @param {string} path */
function removeAtEnd(path) {
  paths.add(path);
  if (isWatching) return;
  isWatching = true;
  process.on("exit", removeTemporaryFiles);
  endInOrder();
}

/**
 * Writes the configuration of a gateway into the root of the checkout, because the paths in it are relative to it. Git
 * ignores the file. The Worker is built already.
 * @param {string} root
 * @param {import("./config.mjs").Config} config
 */
export function writeConfig(root, config) {
  const file = join(root, `.deploy-${config.name}.json`);
  removeAtEnd(file);
  const { build: _build, ...rest } = config;
  writeFileSync(file, `${JSON.stringify(rest, null, 2)}\n`);
  return file;
}

/**
 * Writes secrets into a file that only its owner can read. JSON, because wrangler would expand `$` in another format.
 * @param {import("./secrets.mjs").Secrets} secrets
 */
export function writeSecretsForUpload(secrets) {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-deploy-"));
  removeAtEnd(folder);
  const file = join(folder, "secrets.json");
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return file;
}
