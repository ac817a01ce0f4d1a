import { setTimeout as sleep } from "node:timers/promises";

const ARRIVE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 25;

/**
 * Waits until something holds; what does not hold in time is for the caller to show.
 * @param {() => boolean | Promise<boolean>} holds
 */
export async function until(holds) {
  for (const end = Date.now() + ARRIVE_WITHIN_MS; Date.now() < end; await sleep(LOOK_EVERY_MS)) {
    if (await holds()) return;
  }
}
