import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../build/dashboard.mjs";
import { buildWorker } from "../build/worker.mjs";
import { bundleCommand } from "../cli/build.mjs";
import { buildDocs } from "../docs/build.mjs";
import { readDocsStamp } from "../docs/stamp.mjs";
import { packagesOf, reportFiles, withPrebuilt } from "./packages.mjs";

/** The programs that contain packages of others. */
export const PARTS = /** @type {const} */ (["Worker", "dashboard", "command line", "site of the documents"]);

/** @typedef {typeof PARTS[number]} Part */
/** @typedef {Record<Part, readonly string[]>} Shipped the folders of the packages in each program, below the root */

/** The files of a bundle that left code in it. @param {import("esbuild").Metafile} metafile */
function filesOf({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

/**
 * Builds the Worker, the dashboard and the command line, and returns the packages in each.
 * @param {string} root
 * @returns {Promise<Omit<Shipped, "site of the documents">>}
 */
export async function shippedPrograms(root) {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-licenses-"));
  try {
    await buildWorker(root, join(folder, "worker"));
    const worker = JSON.parse(readFileSync(join(folder, "worker/meta.json"), "utf8"));
    /** @type {string[]} */
    const files = [];
    await bundle(root, join(folder, "dashboard"), [reportFiles((found) => void files.push(...found))]);
    const { metafile } = await bundleCommand();
    return {
      Worker: packagesOf(filesOf(worker)),
      dashboard: withPrebuilt(root, packagesOf(files)),
      "command line": packagesOf(filesOf(metafile)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds all that is shipped. @param {string} root @returns {Promise<Shipped>} */
export async function shipped(root) {
  const programs = await shippedPrograms(root);
  await buildDocs(root);
  return { ...programs, "site of the documents": readDocsStamp(root)?.packages ?? [] };
}
