import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NewError } from "./new-error.mjs";

/**
 * New files by path, and edits of existing files. A folder in `reserves` must not exist.
 * @typedef {{
 *   files: Record<string, string>,
 *   edits: { path: string, edit: (text: string) => string }[],
 *   reserves?: string[],
 * }} Changes
 */
/** @typedef {Changes & { steps: string[] }} Plan */

/**
 * Makes the changes, or none of them. Returns a line for each file.
 * @param {string} root
 * @param {Changes} changes
 * @returns {string[]}
 */
export function apply(root, { files, edits, reserves = [] }) {
  const taken = [...Object.keys(files), ...reserves].filter((path) => existsSync(join(root, path)));
  if (taken.length > 0) throw new NewError(`${taken.join(", ")} exists already. Nothing was written.`);
  const edited = edits.map(({ path, edit }) => ({ path, text: edit(readFileSync(join(root, path), "utf8")) }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const { path, text } of edited) writeFileSync(join(root, path), text);
  return [...Object.keys(files).map((path) => `Wrote ${path}`), ...edited.map(({ path }) => `Added a line to ${path}`)];
}
