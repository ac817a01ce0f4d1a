import { cp, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { DASHBOARD_FOLDER, buildDashboard } from "../../scripts/build/dashboard.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const MAX_KB_AT_FIRST_LOAD = 210;

/** A copy of what the build reads. */
async function copyOfSources(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "hookgate-dashboard-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const path of [
    "src/dashboard",
    "src/client",
    "src/model",
    "docs/sources",
    "scripts/build",
    "scripts/docs",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
  ]) {
    await cp(join(ROOT, path), join(root, path), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  return root;
}

describe("the build of the dashboard", () => {
  it("may run twice at the same time, and leaves one whole folder", async () => {
    const root = await copyOfSources();
    await Promise.all([buildDashboard(root), buildDashboard(root)]);
    expect(await readdir(join(root, DASHBOARD_FOLDER, ".."))).toEqual(["dashboard"]);
    expect(await buildDashboard(root)).toBe("unchanged");
    const page = await readFile(join(root, DASHBOARD_FOLDER, "index.html"), "utf8");
    const paths = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = ""]) => path);
    const files = await Promise.all(paths.map((path) => readFile(join(root, DASHBOARD_FOLDER, path))));
    const scripts = files.filter((_, index) => paths[index]?.endsWith(".js") === true);
    const kb = scripts.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0) / 1_024;
    expect(kb).toBeLessThan(MAX_KB_AT_FIRST_LOAD);
    // Vitest sets NODE_ENV: JSX of development would make a blank page.
    expect(scripts.some((bytes) => bytes.includes("jsxDEV"))).toBe(false);
    // No inline script or style: the Content-Security-Policy refuses them.
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)|\son\w+=/);
  });
});
