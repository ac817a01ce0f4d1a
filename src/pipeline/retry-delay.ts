const FIRST_SECONDS = 2;
const LONGEST_SECONDS = 600;

/** How long a message waits after a fault of our own, in seconds; it doubles with each attempt of the queue (from 1). */
export function retryDelaySeconds(attempts: number): number {
  return Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempts - 1, 16));
}
