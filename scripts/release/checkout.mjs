import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The output of a Git command.
 * @param {string} root
 * @param {...string} args
 */
export function git(root, ...args) {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** @param {string} root @param {string} path @returns {any} */
const readJson = (root, path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** The version of package.json, from which all others come. @param {string} root @returns {string} */
export const versionOf = (root) => readJson(root, "package.json").version;

/**
 * What keeps a checkout from being released as a version, as sentences.
 * @param {string} root
 * @param {string} version
 */
export function checkoutFaults(root, version) {
  const faults = [];
  const changed = git(root, "status", "--porcelain");
  if (changed !== "") faults.push(`These files are not committed:\n${changed.replaceAll(/^/gm, "    ")}`);
  if (git(root, "tag", "--list", `v${version}`) !== "")
    faults.push(`The tag v${version} exists: raise the version in package.json.`);
  const lock = readJson(root, "package-lock.json");
  if (lock.version !== version || lock.packages[""].version !== version)
    faults.push("package-lock.json has another version: run npm install --package-lock-only.");
  const document = readJson(root, "src/api/openapi/document.json");
  if (document.info.version !== version)
    faults.push("The OpenAPI document has another version: run npm run openapi && npm run client.");
  const released = readJson(root, "test/api/openapi/released.json");
  if (JSON.stringify(released) !== JSON.stringify(document))
    faults.push(
      "The API of the release is not recorded: cp src/api/openapi/document.json test/api/openapi/released.json",
    );
  return faults;
}

/** Runs the tests of the documents and shows their output. @param {string} root */
export function testsPass(root) {
  const { status } = spawnSync("npm", ["run", "--silent", "test:docs"], { cwd: root, stdio: "inherit" });
  return status === 0;
}

/**
 * Creates an annotated tag. Its text may have lines that begin with `#`.
 * @param {string} root
 * @param {string} name
 * @param {string} text
 */
export function createTag(root, name, text) {
  execFileSync("git", ["tag", "--annotate", name, "--cleanup=whitespace", "--file=-"], { cwd: root, input: text });
}
