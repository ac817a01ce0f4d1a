import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";

/** @param {string} root @param {string} name */
function versionOf(root, name) {
  return String(JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version);
}

/** @param {string} root */
function commitOf(root) {
  try {
    const git = (/** @type {string[]} */ ...args) =>
      execFileSync("git", ["-C", root, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "--", "src", "migrations") === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}

/**
 * Describes the machine and its other load.
 * @param {string} root
 */
export function describeMachine(root) {
  const [cpu] = cpus();
  const load = loadavg()[0] ?? 0;
  return {
    at: new Date().toISOString(),
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()}`,
    load_before: Math.round(load * 100) / 100,
    commit: commitOf(root),
    node: process.versions.node,
    workerd: versionOf(root, "workerd"),
    miniflare: versionOf(root, "miniflare"),
    wrangler: versionOf(root, "wrangler"),
    hono: versionOf(root, "hono"),
  };
}
