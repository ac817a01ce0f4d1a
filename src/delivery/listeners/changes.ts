import { logLine } from "../../platform/log.ts";
import { describeFailure, withTimeout } from "../../platform/with-timeout.ts";
import { CALL_MS } from "./objects.ts";

/** An isolate notifies at most once in this time, in ms. */
const EVERY_MS = 1_000;

/** Notifies the dashboards that are open. */
export type Changes = {
  /**
   * Notifies them that something has changed. Makes no call if nobody looks. Never rejects. It may wait a second, so no result
   * may wait for it.
   */
  notify(): Promise<void>;
};

type Parts = {
  /** Calls the object of the dashboards. Returns their number. */
  readonly call: () => Promise<number>;
  /** Returns until when somebody may look, in ms since 1970, without reading anything. */
  readonly watchedUntil: () => number;
  readonly clock: () => number;
  /** Resolves after a time in ms. */
  readonly wait: (ms: number) => Promise<unknown>;
};

/** Makes the notifier of an isolate. */
export function createChanges({ call, watchedUntil, clock, wait }: Parts): Changes {
  /** When the last notification was made, or will be. */
  let notifiesAt = 0;
  /** The time until which somebody might have looked, and nobody did. */
  let deserted = 0;
  return {
    async notify() {
      const until = watchedUntil();
      const now = clock();
      // A planned notification covers this change, too.
      if (until <= now || until === deserted || notifiesAt > now) return;
      notifiesAt = Math.max(now, notifiesAt + EVERY_MS);
      if (notifiesAt > now) await wait(notifiesAt - now);
      const called = await withTimeout(CALL_MS, call);
      if (called.kind !== "done") logLine("warn", "watchers.notify_failed", { error: describeFailure(called) });
      else if (called.value === 0) deserted = until;
    },
  };
}
