import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { FailingDestination } from "../../model/destination-health.ts";
import { readFailing } from "../../storage/destinations/health.ts";
import { describeError, logLine } from "../../platform/log.ts";

/** An answer slower than this marks a destination as slow, in ms. */
const SLOW_MS = 2_000;
/** How long a destination stays marked after it was last slow or failing, in ms. */
const MARKED_FOR_MS = 30_000;
/** More marks than this are not kept; the oldest goes. */
const MAX_MARKS = 2_000;
/** How long what was read of the breakers is used, in ms. */
const FRESH_MS = 5_000;

/** What an isolate knows of how destinations do: its own marks of the slow and failing, and the breakers that all share. */
export type Health = {
  /** Marks a destination that has lately been slow or failing here: its first attempts go to the slow lane. */
  note(destinationId: string, succeeded: boolean, durationMs: number): void;
  isHealthy(destinationId: string): boolean;
  /** Reads the breakers where what is known of them is old. Where that fails, what is known stands. */
  refresh(db: PrimaryDatabase): Promise<void>;
  /** The state of a destination that is failing; undefined where it is well, as far as is known here. */
  stateOf(destinationId: string): FailingDestination | undefined;
  /** Enters what this isolate has just read or brought about; undefined where the destination is well again. */
  learn(destinationId: string, state: FailingDestination | undefined): void;
};

/** Health over a clock in ms. Marks are an isolate's own, so a guess; breakers are in D1. */
export function createHealth(now: () => number): Health {
  const marks = new Map<string, number>();
  let failing = new Map<string, FailingDestination>();
  let refreshed = Number.NEGATIVE_INFINITY;

  return {
    note(destinationId, succeeded, durationMs) {
      marks.delete(destinationId);
      if (succeeded && durationMs < SLOW_MS) return;
      if (marks.size >= MAX_MARKS) {
        const [oldest] = marks.keys();
        if (oldest !== undefined) marks.delete(oldest);
      }
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
        logLine("warn", "breakers not read", { error: describeError(error) });
      }
    },
    stateOf: (destinationId) => failing.get(destinationId),
    learn(destinationId, state) {
      if (state === undefined) failing.delete(destinationId);
      else failing.set(destinationId, state);
    },
  };
}
