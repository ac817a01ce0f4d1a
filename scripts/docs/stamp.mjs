import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The built site, below the root of the project. The build of the dashboard copies it into its own folder. */
export const DOCS_FOLDER = "build/docs";

/** What the site was built from, the headers of its files, and the packages in it. It lies beside the site, because it is not served. */
const STAMP_FILE = "build/docs.json";

/** @typedef {{ hash: string, headers: string, packages: string[] }} DocsStamp */

/**
 * Returns null if the site was not built.
 * @param {string} root
 * @returns {DocsStamp | null}
 */
export function readDocsStamp(root) {
  try {
    return JSON.parse(readFileSync(join(root, STAMP_FILE), "utf8"));
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @param {DocsStamp} stamp
 */
export function writeDocsStamp(root, stamp) {
  writeFileSync(join(root, STAMP_FILE), JSON.stringify(stamp));
}
