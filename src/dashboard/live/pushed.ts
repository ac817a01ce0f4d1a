import { useSyncExternalStore } from "react";

/** Notifications may be lost, so lists poll now and then. */
const SAFETY_POLL_MS = 30_000;

/** `meta` of queries that are read when something has changed, however seldom they poll. */
export const FOLLOWS_CHANGES = { followsChanges: true } as const;

let isPushed = false;
const listeners = new Set<() => void>();

/** Sets whether the gateway says at once that something has changed. */
export function setPushed(value: boolean): void {
  if (isPushed === value) return;
  isPushed = value;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the gateway says at once that something has changed. */
export function useIsPushed(): boolean {
  return useSyncExternalStore(subscribe, () => isPushed);
}

/** Returns how often a list polls: `pollMs`, or seldom while the gateway says when something has changed. */
export function usePollInterval(pollMs: number): number {
  return useIsPushed() ? SAFETY_POLL_MS : pollMs;
}
