import type { RejectionCount, RejectionExample, RejectionMinute, RejectionReason } from "../model/rejection.ts";
import { LruMap } from "../platform/lru.ts";

/** An isolate writes the counts of an integration at most this often, in ms. */
const WRITE_INTERVAL_MS = 30_000;
/** A timer may fire this early, in ms. */
const EARLY_MS = 1_000;
/** Requests within this time share a timer, in ms. */
const SHARED_TIMER_MS = 5_000;
/** Past this many integrations, the counts of the one that was refused longest ago are dropped. */
const MAX_INTEGRATIONS = 1_000;
/** While counts cannot be written, the minutes of an integration that are kept. */
const MAX_MINUTES = 3;
const MINUTE_MS = 60_000;

/** A refused request. */
export type Rejected = RejectionReason & { readonly example: RejectionExample };

/** Counts the refused requests of an isolate until they are written. */
export type Rejections = {
  /**
   * Counts a request. Returns after how many ms the integration's counts are due, 0 if they are due now, or null if a request
   * before it already waits for that.
   */
  readonly count: (integrationId: string, rejected: Rejected, nowMs: number) => number | null;
  /** Takes the counts of an integration that became due, to be written now. Returns none if others have written since. */
  readonly take: (integrationId: string, nowMs: number, isDelayed: boolean) => readonly RejectionMinute[];
  /** Drops everything, for tests that empty the database. */
  readonly clear: () => void;
};

type Pending = {
  readonly minutes: Map<number, Map<string, RejectionCount>>;
  written_ms: number;
  timer_ms: number;
};

/** Makes the counters of an isolate. Their size does not depend on the number of requests. */
export function createRejections(): Rejections {
  const known = new LruMap<string, Pending>({ max: MAX_INTEGRATIONS });

  function pendingOf(integrationId: string): Pending {
    const found = known.get(integrationId);
    if (found !== undefined) return found;
    const fresh = { minutes: new Map(), written_ms: Number.NEGATIVE_INFINITY, timer_ms: Number.NEGATIVE_INFINITY };
    known.set(integrationId, fresh);
    return fresh;
  }

  function add({ minutes }: Pending, { status, code, example }: Rejected, at: number): void {
    const minute = Math.floor(at / MINUTE_MS);
    const reasons = minutes.get(minute) ?? new Map<string, RejectionCount>();
    const name = `${status} ${code}`;
    reasons.set(name, { status, code, at, count: (reasons.get(name)?.count ?? 0) + 1, example });
    minutes.set(minute, reasons);
    if (minutes.size <= MAX_MINUTES) return;
    for (const oldest of minutes.keys()) {
      minutes.delete(oldest);
      return;
    }
  }

  return {
    count(integrationId, rejected, nowMs) {
      const pending = pendingOf(integrationId);
      add(pending, rejected, nowMs);
      const due_ms = Math.max(0, pending.written_ms + WRITE_INTERVAL_MS - nowMs);
      if (due_ms === 0) {
        pending.written_ms = nowMs;
        return 0;
      }
      if (nowMs - pending.timer_ms < SHARED_TIMER_MS) return null;
      pending.timer_ms = nowMs;
      return due_ms;
    },
    take(integrationId, nowMs, isDelayed) {
      const pending = known.get(integrationId);
      if (pending === undefined || pending.minutes.size === 0) return [];
      if (isDelayed && nowMs - pending.written_ms < WRITE_INTERVAL_MS - EARLY_MS) return [];
      pending.written_ms = nowMs;
      const taken = [...pending.minutes].map(([minute, reasons]) => ({ minute, counts: [...reasons.values()] }));
      pending.minutes.clear();
      return taken;
    },
    clear: () => known.clear(),
  };
}
