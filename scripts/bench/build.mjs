import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

/**
 * Bundles and minifies a Worker as `wrangler deploy --minify` would; answers the text of the bundle. What it was made of
 * is told by `bundle-meta.json` beside it, which is esbuild's.
 * @param {string} root the folder of wrangler.toml
 * @param {string} outdir
 * @param {string} [entry] a Worker beside the one that wrangler.toml names
 * @returns {Promise<string>}
 */
export async function bundleMinified(root, outdir, entry) {
  const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin", "wrangler.js");
  await new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        wrangler,
        "deploy",
        ...(entry === undefined ? [] : [entry]),
        "--config",
        join(root, "wrangler.toml"),
        "--dry-run",
        "--minify",
        "--metafile",
        "--outdir",
        outdir,
      ],
      {
        cwd: root,
        env: { ...process.env, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(undefined);
        else reject(new Error(`The Worker could not be bundled.\n${stdout}${stderr}`));
      },
    );
  });
  const name = entry === undefined ? "index" : basename(entry).replace(/\.\w+$/, "");
  return readFile(join(outdir, `${name}.js`), "utf8");
}
