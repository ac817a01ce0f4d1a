/** An answer slower than this marks a destination as slow, in ms. */
const SLOW_MS = 2_000;
/** How long a destination stays marked after it was last slow or failing, in ms. */
const MARKED_FOR_MS = 30_000;
/** More marks than this are not kept; the oldest goes. */
const MOST_MARKS = 2_000;

/** Which destinations this isolate has lately seen slow or failing: their first attempts go to the slow lane. */
export type Health = {
  note(destinationId: string, succeeded: boolean, durationMs: number): void;
  isHealthy(destinationId: string): boolean;
};

/** Health marks over a clock in ms. They are an isolate's own, so a guess: the retry state is in D1. */
export function createHealth(now: () => number): Health {
  const marks = new Map<string, number>();
  return {
    note(destinationId, succeeded, durationMs) {
      marks.delete(destinationId);
      if (succeeded && durationMs < SLOW_MS) return;
      if (marks.size >= MOST_MARKS) {
        const [oldest] = marks.keys();
        if (oldest !== undefined) marks.delete(oldest);
      }
      marks.set(destinationId, now() + MARKED_FOR_MS);
    },
    isHealthy(destinationId) {
      return (marks.get(destinationId) ?? 0) <= now();
    },
  };
}
