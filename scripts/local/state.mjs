import { closeSync, existsSync, openSync, readSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.mjs";

const MAGIC = "SQLite format 3\0";
const LOG_SUFFIX = "-wal";
const HEADER_BYTES = 100;
const LOG_HEADER_BYTES = 32;
/** One for each byte order of the checksums. */
const LOG_MAGIC = new Set([0x377f0682, 0x377f0683]);

/**
 * Returns the error for a state that cannot be used.
 * @param {string} folder the folder of the state and the keys
 * @param {string} what what is wrong with it, as a part of a sentence
 */
export function damagedState(folder, what) {
  return new StartError(
    `The state in ${folder} is damaged: ${what}. Restore the folder from a copy, or run \`npm start -- --persist-to ${folder} --reset\` to delete the state and start empty.`,
  );
}

/**
 * Checks the database files of a state as far as their headers show damage. SQLite itself starts an empty database if a
 * file is empty or missing, and drops the write-ahead log that belongs to it. Throws a StartError that names the first damaged file.
 * @param {string} folder the folder of the state and the keys, for messages
 * @param {string} state
 */
export function checkState(folder, state) {
  if (!existsSync(state)) return;
  if (!statSync(state).isDirectory()) throw damagedState(folder, `${state} is not a folder`);
  const files = readdirSync(state, { recursive: true, encoding: "utf8" });
  const logs = files.filter((file) => file.endsWith(LOG_SUFFIX)).map((file) => file.slice(0, -LOG_SUFFIX.length));
  for (const name of new Set([...files.filter((file) => file.endsWith(".sqlite")), ...logs])) {
    const what = damageOf(join(state, name));
    if (what !== null) throw damagedState(folder, `${name} ${what}`);
  }
}

/**
 * Returns what is wrong with a database file or its write-ahead log, or null if their headers show no damage.
 * @param {string} file
 */
function damageOf(file) {
  const log = `${file}${LOG_SUFFIX}`;
  const logBytes = existsSync(log) ? statSync(log).size : 0;
  if (!existsSync(file)) return logBytes > 0 ? "is missing, but has a write-ahead log" : null;
  const { size } = statSync(file);
  if (size === 0) return logBytes > 0 ? "is empty, but has a write-ahead log" : null;
  const header = readHeader(file);
  if (header.toString("latin1", 0, MAGIC.length) !== MAGIC) return "is not a database";
  if (logBytes >= LOG_HEADER_BYTES && !LOG_MAGIC.has(readHeader(log).readUInt32BE(0))) {
    return "has a write-ahead log that is not one of SQLite";
  }
  // A process that is killed while it moves the log into the database leaves the new header and some of the pages. SQLite moves
  // the rest when it opens the file.
  if (logBytes > 0) return null;
  const stored = header.readUInt16BE(16);
  const pageBytes = stored === 1 ? 65_536 : stored;
  const isCountValid = header.readUInt32BE(24) === header.readUInt32BE(92);
  return isCountValid && size < header.readUInt32BE(28) * pageBytes ? "is too short" : null;
}

/** @param {string} file */
function readHeader(file) {
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(descriptor);
  }
  return header;
}
