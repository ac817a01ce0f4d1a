import type { FailingDestination } from "../../model/destination-health.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { LruMap } from "../../platform/lru.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { readFailing } from "../../storage/destinations/health.ts";

/** A response slower than this marks a destination as slow, in ms. */
const SLOW_MS = 2_000;
/** How long a destination stays marked after its last slow or failed attempt, in ms. */
const MARKED_FOR_MS = 30_000;
const MAX_MARKS = 2_000;
/** How long the breakers that were read are used, in ms. */
const FRESH_MS = 5_000;

/** The health of destinations as an isolate knows it: its own marks, and the breakers that all isolates share. */
export type Health = {
  /** Marks a destination after an attempt, or removes its mark. First attempts of marked destinations are left to the queue. */
  mark(destinationId: string, succeeded: boolean, durationMs: number): void;
  isHealthy(destinationId: string): boolean;
  /** Reads the breakers if the last reading is old. Keeps that if they cannot be read. */
  refresh(db: PrimaryDatabase): Promise<void>;
  /** Returns the state of a failing destination; undefined if it is healthy as far as is known here. */
  stateOf(destinationId: string): FailingDestination | undefined;
  /** Enters a state that this isolate has just read or written; undefined if the destination has recovered. */
  learn(destinationId: string, state: FailingDestination | undefined): void;
};

/** Creates the health of an isolate. `now` returns ms. Marks are this isolate's own guess; breakers are in D1. */
export function createHealth(now: () => number): Health {
  const marks = new LruMap<string, number>({ max: MAX_MARKS });
  let failing = new Map<string, FailingDestination>();
  let refreshed = Number.NEGATIVE_INFINITY;

  return {
    mark(destinationId, succeeded, durationMs) {
      marks.delete(destinationId);
      if (succeeded && durationMs < SLOW_MS) return;
      marks.set(destinationId, now() + MARKED_FOR_MS);
    },
    isHealthy(destinationId) {
      return (marks.get(destinationId) ?? 0) <= now() && (failing.get(destinationId)?.retry_at ?? null) === null;
    },
    async refresh(db) {
      if (now() - refreshed < FRESH_MS) return;
      refreshed = now();
      try {
        failing = new Map((await readFailing(db)).map((each) => [each.destination_id, each]));
      } catch (error) {
        logLine("warn", "breakers.read_failed", { error: describeError(error) });
      }
    },
    stateOf: (destinationId) => failing.get(destinationId),
    learn(destinationId, state) {
      if (state === undefined) failing.delete(destinationId);
      else failing.set(destinationId, state);
    },
  };
}
