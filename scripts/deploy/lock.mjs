import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { DeployError } from "./deploy-error.mjs";

const POLL_MS = 500;
const MAX_WAIT_MS = 10 * 60_000;

/** @type {DatabaseSync[]} */
const held = []; // a lock that nothing refers to is collected, and the lock is released

/**
 * Takes the checkout for this process alone, until it ends. Two deployments would build into the same folder, and a deletion
 * would delete what a deployment has just created. The operating system holds the lock, so that none outlives its process.
 * @param {string} root
 * @param {(line: string) => void} print
 */
export async function lockCheckout(root, print) {
  const folder = join(root, ".hookgate");
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, "deploy.lock"));
  for (let waited = 0; !isTaken(lock); waited += POLL_MS) {
    if (waited === 0)
      print("Another deployment or deletion is running from this checkout. Waiting until it has ended.");
    if (waited >= MAX_WAIT_MS) {
      lock.close();
      throw new DeployError(
        "Another deployment or deletion is still running from this checkout.",
        "End it, or wait, then run the command again.",
      );
    }
    await sleep(POLL_MS);
  }
  held.push(lock);
}

/** @param {DatabaseSync} lock */
function isTaken(lock) {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch {
    return false;
  }
}
