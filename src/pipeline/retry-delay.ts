const FIRST_SECONDS = 2;
const MAX_SECONDS = 600;

/** How long a message waits after a fault of our own, in seconds; it doubles with each attempt of the queue (from 1). */
export function retryDelaySeconds(attempts: number): number {
  return Math.min(MAX_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempts - 1, 16));
}
