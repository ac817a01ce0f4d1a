import { randomBytes } from "node:crypto";
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DOCS_FOLDER, readDocsStamp } from "../docs/stamp.mjs";
import { HEADERS_FILE, hashOfSources, headersFile, isCurrent } from "./dashboard-stamp.mjs";

/** The folder of wrangler.toml's `[assets]`, below the root. */
export const DASHBOARD_FOLDER = "build/dashboard";

/** How often a start that loses the race for the folder tries again. */
const MAX_RENAMES = 20;

/**
 * Builds the dashboard into its folder. Does nothing if the folder was built from the same sources. Builds into a temporary
 * folder first, so that several may run side by side and a gateway never serves half a dashboard. The documents are part of
 * the folder if they were built.
 * @param {string} root
 * @param {() => void} [onBuild] is called before a build
 * @returns {Promise<"built" | "unchanged">}
 */
export async function buildDashboard(root, onBuild = () => {}) {
  const target = join(root, DASHBOARD_FOLDER);
  const hash = await hashOfSources(root);
  if (await isCurrent(target, hash)) return "unchanged";
  onBuild();
  const temporary = `${target}.${randomBytes(6).toString("hex")}`;
  try {
    await bundle(root, temporary);
    const docs = readDocsStamp(root);
    if (docs !== null) await cp(join(root, DOCS_FOLDER), join(temporary, "docs"), { recursive: true });
    await writeFile(join(temporary, HEADERS_FILE), headersFile(hash, docs?.headers ?? ""));
    await replace(target, temporary, hash);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return "built";
}

/**
 * @param {string} root
 * @param {string} outDir
 * @param {import("vite").Plugin[]} [plugins]
 */
export async function bundle(root, outDir, plugins = []) {
  // Most starts find the dashboard built, and loading the bundler takes a second of a small machine.
  const { build } = await import("vite");
  await build({
    root: join(root, "src/dashboard"),
    configFile: false,
    envDir: false,
    logLevel: "error",
    mode: "production",
    plugins,
    // Vite would otherwise take these three from NODE_ENV. React in production has no functions for the JSX of development.
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    oxc: { jsx: { runtime: "automatic", development: false } },
    resolve: { conditions: ["module", "browser", "production"] },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2023",
      // Every file is a request that the Content-Security-Policy allows by its origin: nothing is inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // The vendored stylesheet counts on what newer browsers understand.
      cssTarget: "esnext",
    },
  });
}

/**
 * Puts the new folder in the place of the old one. Another process may do the same at the same time: the folder of either is
 * the right one.
 * @param {string} target
 * @param {string} temporary
 * @param {string} hash
 */
async function replace(target, temporary, hash) {
  await mkdir(join(target, ".."), { recursive: true });
  if (await isCurrent(target, hash)) return; // another process was faster, and a third one may be reading the folder
  for (let left = MAX_RENAMES; left > 0; left -= 1) {
    const old = `${temporary}.old`;
    await rename(target, old).catch(ignoreMissing);
    try {
      await rename(temporary, target);
      return;
    } catch (error) {
      if (await isCurrent(target, hash)) return;
      if (left === 1) throw error;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  }
}

/** @param {unknown} error */
function ignoreMissing(error) {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOENT") throw error;
}
