import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "./start-error.mjs";

/** @type {DatabaseSync[]} */
const held = []; // a lock that nothing refers to is collected, and with it goes the lock

/**
 * Takes a folder for this process alone, until it ends. The lock is the operating system's, on a file of SQLite's,
 * so that it ends with the process however that ends, and none is ever stale.
 * @param {string} folder
 */
export function lockFolder(folder) {
  const lock = new DatabaseSync(join(folder, "lock"));
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (/not a database|malformed/.test(String(error))) {
      throw new StartError(`${join(folder, "lock")} is damaged. It holds no data: delete it and start again.`);
    }
    throw new StartError(
      `Another gateway is using ${folder}. Stop it, or give this one a folder of its own: npm start -- --persist-to DIR`,
    );
  }
  held.push(lock);
}
