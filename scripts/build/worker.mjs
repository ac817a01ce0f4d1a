import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ENTRY = "index.js";
const META = "meta.json";
const PRODUCTION = JSON.stringify("production");

/** Marks the modules of a copy. */
const COPY = "?copy";
/** Marks a resolution that the plugin itself asked for. */
const ASKED = "asked";

/**
 * Gives the MCP library a copy of zod. It uses more of zod than the gateway does, and what two chunks use is evaluated with
 * the first of them: before the first webhook is answered.
 * @type {import("esbuild").Plugin}
 */
const zodOfMcp = {
  name: "zod-of-mcp",
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      const isFirst = importer.includes("@modelcontextprotocol") && /^zod(?:\/|$)/.test(path);
      if (pluginData === ASKED || !(isFirst || pluginData === COPY)) return undefined;
      const found = await resolve(path, { resolveDir, kind, importer, pluginData: ASKED });
      return { path: found.path, suffix: COPY, sideEffects: found.sideEffects, errors: found.errors };
    });
    onLoad({ filter: /[\\/]zod[\\/].*\.js$/ }, async ({ path, suffix }) => {
      if (suffix !== COPY) return undefined;
      return { contents: await readFile(path, "utf8"), loader: "js", resolveDir: dirname(path), pluginData: COPY };
    });
  },
};

/** @typedef {{ type: "ESModule", path: string, contents: string }} Module */

/**
 * The modules of a Worker, the entry first. `ingest` are those that the runtime evaluates before it answers the first
 * webhook: the entry and all that it imports statically.
 * @typedef {{ modules: Module[], ingest: Module[] }} WorkerBuild
 */

/**
 * Bundles and minifies a Worker into a folder, which it empties first. Each `import()` gets a chunk of its own, which the
 * runtime evaluates when it is first imported; wrangler's own bundler cannot split. The other options are wrangler's.
 * @param {string} root the folder that paths in `meta.json` are relative to
 * @param {string} outdir
 * @param {string} [entry] the source of the Worker
 * @returns {Promise<WorkerBuild>}
 */
export async function buildWorker(root, outdir, entry = join(root, "src/index.ts")) {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2024",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    define: {
      "navigator.userAgent": JSON.stringify("Cloudflare-Workers"),
      "process.env.NODE_ENV": PRODUCTION,
      "globalThis.process.env.NODE_ENV": PRODUCTION,
    },
    plugins: [zodOfMcp],
    minify: true,
    chunkNames: "[name]-[hash].chunk",
    metafile: true,
    logLevel: "silent",
  });
  await writeFile(join(outdir, META), JSON.stringify(metafile));
  const imports = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [
      basename(path),
      output.imports.filter(({ kind, external }) => kind === "import-statement" && !external),
    ]),
  );
  const atStart = new Set([ENTRY]); // grows while it is walked
  for (const name of atStart) for (const { path } of imports.get(name) ?? []) atStart.add(basename(path));
  const modules = await Promise.all(
    [ENTRY, ...[...imports.keys()].filter((name) => name !== ENTRY).toSorted()].map(async (path) => ({
      type: /** @type {const} */ ("ESModule"),
      path,
      contents: await readFile(join(outdir, path), "utf8"),
    })),
  );
  return { modules, ingest: modules.filter(({ path }) => atStart.has(path)) };
}

/**
 * The size of modules in KB of 1,024 bytes, each compressed by itself as `wrangler deploy` counts them.
 * @param {Module[]} modules
 */
export function gzippedKb(modules) {
  return modules.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0) / 1024;
}
