import type { RateLimit } from "../../model/integration.ts";
import { LruMap } from "../../platform/lru.ts";

/** Integrations beyond this many start with a fresh budget; the one that was longest idle goes first. */
const MAX_HELD = 5_000;
/** A period is counted in so many slots, each forgotten with its last request: at most one slot later than it could be. */
const SLOTS = 20;

/**
 * Counts what integrations accept. Each isolate counts for itself, so a limit is approximate: traffic that the platform
 * spreads over several isolates may pass more.
 */
export type RateLimiter = {
  /** Takes one request from an integration's budget; null where there was room, else after how many seconds there is. */
  charge(integrationId: string, limit: RateLimit, nowMs: number): number | null;
};

type Slot = { readonly number: number; taken: number; lastMs: number };
type Count = { readonly period_seconds: number; readonly slots: Slot[] };

function totalOf(slots: readonly Slot[]): number {
  return slots.reduce((total, { taken }) => total + taken, 0);
}

/** When the last request was taken that has to be forgotten for there to be room for one more. */
function lastInTheWay(slots: readonly Slot[], requests: number): number {
  let left = totalOf(slots);
  for (const { lastMs, taken } of slots) {
    left -= taken;
    if (left < requests) return lastMs;
  }
  return slots.at(-1)?.lastMs ?? 0;
}

/** A rate limiter over sliding periods: in none of them are more requests taken than the limit says. */
export function createRateLimiter(): RateLimiter {
  const counts = new LruMap<string, Count>({ max: MAX_HELD });

  function countOf(integrationId: string, period_seconds: number): Count {
    const held = counts.get(integrationId);
    const count = held?.period_seconds === period_seconds ? held : { period_seconds, slots: [] };
    if (count !== held) counts.set(integrationId, count);
    return count;
  }

  return {
    charge(integrationId, { requests, period_seconds }, nowMs) {
      const { slots } = countOf(integrationId, period_seconds);
      const periodMs = period_seconds * 1_000;
      const current = Math.floor(nowMs / (periodMs / SLOTS));
      while (slots[0] !== undefined && nowMs - slots[0].lastMs >= periodMs) slots.shift();
      if (totalOf(slots) >= requests) {
        const roomAtMs = lastInTheWay(slots, requests) + periodMs;
        return Math.max(1, Math.ceil((roomAtMs - nowMs) / 1_000));
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
