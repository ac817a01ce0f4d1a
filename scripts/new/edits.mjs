import { NewError } from "./new-error.mjs";

/** @typedef {(text: string) => string} Edit */

/**
 * @param {string[]} lines
 * @param {string} start
 */
function lineAfter(lines, start) {
  const index = lines.findIndex((line) => line.startsWith(start));
  if (index === -1) throw new NewError(`A line that starts with "${start}" is missing. Nothing was written.`);
  return index + 1;
}

/**
 * Inserts a line into the sorted block of lines that starts at an index.
 * @param {string[]} lines
 * @param {number} start
 * @param {string} line
 * @param {(line: string) => string | undefined} keyOf returns what lines are sorted by; undefined outside of the block
 */
function insertSorted(lines, start, line, keyOf) {
  const key = keyOf(line) ?? "";
  let at = start;
  for (let other = keyOf(lines[at] ?? ""); other !== undefined && other <= key; other = keyOf(lines[at] ?? "")) {
    if (other === key) throw new NewError(`There is a line for ${key} already. Nothing was written.`);
    at += 1;
  }
  return [...lines.slice(0, at), line, ...lines.slice(at)];
}

/** @param {string} line */
const importedModule = (line) => /^import .* from "(\.\/.+)\.ts";$/.exec(line)?.[1];
/** @param {string} line */
const entryName = (line) => /^ {2}"?([\w-]+)"?[:,]/.exec(line)?.[1];
/** @param {string} line */
const rowName = (line) => /^\| \[`(.+?)`\]/.exec(line)?.[1];

/**
 * Inserts an import before the first import of a later module of the same folder.
 * @param {string[]} lines
 * @param {string} line
 */
function insertImport(lines, line) {
  const module = importedModule(line) ?? "";
  const later = lines.findIndex((other) => (importedModule(other) ?? "") > module);
  const last = lines.findLastIndex((other) => other.startsWith("import ")) + 1;
  return lines.toSpliced(later === -1 ? last : later, 0, line);
}

/**
 * Adds an import and an entry to a registry: an object or a list whose lines are sorted.
 * @param {string} opening the start of the line that opens the object or list
 * @param {{ constant: string, key: string, module: string }} entry
 * @returns {Edit}
 */
export function addToRegistry(opening, { constant, key, module }) {
  const quoted = /^\w+$/.test(key) ? key : `"${key}"`;
  const entry = key === constant ? `  ${constant},` : `  ${quoted}: ${constant},`;
  return (text) => {
    const lines = insertImport(text.split("\n"), `import { ${constant} } from "${module}";`);
    return insertSorted(lines, lineAfter(lines, opening), entry, entryName).join("\n");
  };
}

/**
 * Adds a row to a table of a page, whose rows start with a linked name and are sorted.
 * @param {string} header the start of the table's header
 * @param {string} row
 * @returns {Edit}
 */
export function addToTable(header, row) {
  return (text) => {
    const lines = text.split("\n");
    return insertSorted(lines, lineAfter(lines, header) + 1, row, rowName).join("\n");
  };
}
