import type { FailingDestination } from "../../model/destination-health.ts";

// The circuit breaker of a destination: closed while it is healthy, open while no attempt is made, then one attempt probes it.
// Pure: the state is in D1, the same for all isolates.

/** The breaker opens after this many consecutive failures. */
export const OPENS_AFTER = 5;
const FIRST_OPEN_MS = 10_000;
const MAX_OPEN_MS = 300_000;

/** Returns how long the breaker stays open after this many consecutive failures, in ms; 0 if it stays closed. */
export function openForMs(failures: number): number {
  if (failures < OPENS_AFTER) return 0;
  return Math.min(MAX_OPEN_MS, FIRST_OPEN_MS * 2 ** Math.min(16, failures - OPENS_AFTER));
}

/** The state of a breaker. `probe`: it was open for long enough, and the first consumer to claim it may attempt. */
export type BreakerState =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly until: number }
  | { readonly kind: "probe" };

/** Returns the state of a breaker at a time. `failing` is undefined if the destination is healthy. */
export function breakerAt(failing: FailingDestination | undefined, nowMs: number): BreakerState {
  if (failing?.retry_at === undefined || failing.retry_at === null) return { kind: "closed" };
  const { retry_at, probe_until } = failing;
  if (nowMs < retry_at) return { kind: "open", until: retry_at };
  if (probe_until !== null && nowMs < probe_until) return { kind: "open", until: probe_until };
  return { kind: "probe" };
}
