import { useSyncExternalStore } from "react";

const KEY = "hookgate.first-run";
const CLOSED = "closed";

const listeners = new Set<() => void>();
let isClosed = isStoredClosed();

function isStoredClosed(): boolean {
  try {
    return localStorage.getItem(KEY) === CLOSED;
  } catch {
    return false; // storage can be disabled
  }
}

/** Hides the first steps in this browser, or shows them again. */
export function setClosed(next: boolean): void {
  isClosed = next;
  try {
    if (next) localStorage.setItem(KEY, CLOSED);
    else localStorage.removeItem(KEY);
  } catch {
    // The choice lasts until the page is closed.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useIsClosed(): boolean {
  return useSyncExternalStore(subscribe, () => isClosed);
}
