import type { RateLimit } from "../../model/integration.ts";
import { LruMap } from "../../platform/lru.ts";

/** Past this many integrations, the one that was idle for longest starts with a fresh budget. */
const MAX_COUNTS = 5_000;
/** The slots of a period. A slot is dropped a period after its last request, so a request counts up to one slot too long. */
const SLOTS = 20;

/**
 * Counts the requests that integrations accept. Each isolate counts for itself, so a limit is approximate: traffic that is
 * spread over several isolates may exceed it.
 */
export type RateLimiter = {
  /** Takes one request from an integration's budget. Returns null, or the seconds until there is budget again. */
  charge(integrationId: string, limit: RateLimit, nowMs: number): number | null;
};

type Slot = { readonly number: number; taken: number; lastMs: number };
type Count = { readonly period_seconds: number; readonly slots: Slot[] };

function totalOf(slots: readonly Slot[]): number {
  return slots.reduce((total, { taken }) => total + taken, 0);
}

/** Returns when the last request was taken that must be forgotten before one more fits. */
function lastBlocking(slots: readonly Slot[], requests: number): number {
  let left = totalOf(slots);
  for (const { lastMs, taken } of slots) {
    left -= taken;
    if (left < requests) return lastMs;
  }
  return slots.at(-1)?.lastMs ?? 0;
}

/** Makes a rate limiter over sliding periods: none of them has more requests than the limit. */
export function createRateLimiter(): RateLimiter {
  const counts = new LruMap<string, Count>({ max: MAX_COUNTS });

  function countOf(integrationId: string, period_seconds: number): Count {
    const known = counts.get(integrationId);
    const count = known?.period_seconds === period_seconds ? known : { period_seconds, slots: [] };
    if (count !== known) counts.set(integrationId, count);
    return count;
  }

  return {
    charge(integrationId, { requests, period_seconds }, nowMs) {
      const { slots } = countOf(integrationId, period_seconds);
      const periodMs = period_seconds * 1_000;
      const current = Math.floor(nowMs / (periodMs / SLOTS));
      while (slots[0] !== undefined && nowMs - slots[0].lastMs >= periodMs) slots.shift();
      if (totalOf(slots) >= requests) {
        const freeAtMs = lastBlocking(slots, requests) + periodMs;
        return Math.max(1, Math.ceil((freeAtMs - nowMs) / 1_000));
      }
      const last = slots.at(-1);
      if (last === undefined || last.number < current) {
        slots.push({ number: current, taken: 1, lastMs: nowMs });
      } else {
        last.taken += 1;
        last.lastMs = nowMs;
      }
      return null;
    },
  };
}
