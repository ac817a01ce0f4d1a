const FIRST_SECONDS = 2;
const MAX_SECONDS = 600;

/** Returns how long a message waits after a fault of ours, in seconds. `attempts` counts from 1; each doubles the wait. */
export function retryDelaySeconds(attempts: number): number {
  return Math.min(MAX_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempts - 1, 16));
}
