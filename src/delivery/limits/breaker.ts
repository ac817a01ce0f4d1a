import type { FailingDestination } from "../../model/destination-health.ts";

// The breaker of a destination: closed while it is well, open while nobody is to call it, then one attempt tries it.
// Pure: the state is in D1, so that it is the same for all isolates.

/** Failed attempts in a row that open it. */
export const OPENS_AFTER = 5;
const FIRST_OPEN_MS = 10_000;
const MAX_OPEN_MS = 300_000;

/** How long the breaker stays open after so many failures in a row, in ms; 0 where it stays closed. It doubles. */
export function openForMs(failures: number): number {
  if (failures < OPENS_AFTER) return 0;
  return Math.min(MAX_OPEN_MS, FIRST_OPEN_MS * 2 ** Math.min(16, failures - OPENS_AFTER));
}

export type Passage =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly until: number }
  /** It has been open for long enough: whoever is first may try. */
  | { readonly kind: "probe" };

/** How the breaker stands at a time. */
export function passageOf(state: FailingDestination | undefined, nowMs: number): Passage {
  if (state?.retry_at === undefined || state.retry_at === null) return { kind: "closed" };
  if (nowMs < state.retry_at) return { kind: "open", until: state.retry_at };
  if (state.probe_until !== null && nowMs < state.probe_until) return { kind: "open", until: state.probe_until };
  return { kind: "probe" };
}
