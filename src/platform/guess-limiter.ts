import { LruMap } from "./lru.ts";

/** Past this many addresses, the one that was idle for longest starts with a fresh budget. */
const MAX_ADDRESSES = 5_000;

export type GuessLimit = { readonly guesses: number; readonly period_ms: number };

/**
 * Counts failed guesses of a secret by address, in any period that ends now. Each isolate counts for itself. A guess counts
 * while it is checked, so that many at the same time do not exceed the limit.
 */
export type GuessLimiter = {
  /** Takes a guess from an address's budget. Returns null, or the seconds until there is budget again. */
  take(address: string, nowMs: number): number | null;
  /** Gives back the guess that was taken at this time, because it was right. */
  giveBack(address: string, takenAtMs: number): void;
};

export function createGuessLimiter({ guesses, period_ms }: GuessLimit): GuessLimiter {
  const taken = new LruMap<string, readonly number[]>({ max: MAX_ADDRESSES });
  return {
    take(address, nowMs) {
      const recent = (taken.get(address) ?? []).filter((atMs) => nowMs - atMs < period_ms);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= guesses) {
        return Math.max(1, Math.ceil((oldest + period_ms - nowMs) / 1_000));
      }
      taken.set(address, [...recent, nowMs]);
      return null;
    },
    giveBack(address, takenAtMs) {
      const recent = taken.get(address) ?? [];
      const index = recent.indexOf(takenAtMs);
      if (index >= 0) taken.set(address, recent.toSpliced(index, 1));
    },
  };
}
