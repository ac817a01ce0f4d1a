import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { buildDashboard } from "../../scripts/build/dashboard.mjs";
import { buildDocs } from "../../scripts/docs/build.mjs";
import { ROOT } from "./pages.ts";

const LOOK_EVERY_MS = 100;

/**
 * Builds the site and the dashboard of this checkout, if they are not built yet. Files run side by side, and a build takes half
 * a minute of a processor: one of them builds while the others wait. A process that ends gives up the lock.
 */
export async function buildSite(): Promise<void> {
  mkdirSync(join(ROOT, "build"), { recursive: true });
  const lock = new DatabaseSync(join(ROOT, "build/lock"));
  try {
    while (!isTaken(lock)) await sleep(LOOK_EVERY_MS);
    // The dashboard's folder has a copy of the site.
    await buildDocs(ROOT);
    await buildDashboard(ROOT);
  } finally {
    lock.close();
  }
}

function isTaken(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("locked")) return false;
    throw error;
  }
}
