import { setTimeout as sleep } from "node:timers/promises";

const ARRIVE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 25;

/**
 * Waits until a condition holds. The caller reports a condition that did not hold in time.
 * @param {() => boolean | Promise<boolean>} holds
 */
export async function until(holds) {
  for (const end = Date.now() + ARRIVE_WITHIN_MS; Date.now() < end; await sleep(LOOK_EVERY_MS)) {
    if (await holds()) return;
  }
}
