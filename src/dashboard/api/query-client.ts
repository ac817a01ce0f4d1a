import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ClientError } from "../../client/index.ts";

const MAX_RETRIES = 2;
const STALE_AFTER_MS = 10_000;

/** The status of a failed call; null for another error or if there was no response. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof ClientError) || error.failure.kind === "network") return null;
  return error.failure.status;
}

let onSessionLost = (): void => {};

/** Sets what happens when the gateway no longer accepts the session. */
export function whenSessionIsLost(listener: () => void): void {
  onSessionLost = listener;
}

function onError(error: unknown): void {
  if (statusOf(error) === 401) onSessionLost();
}

/** A refused request stays refused; a lost connection or an overloaded gateway may recover. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const status = statusOf(error);
  return failures < MAX_RETRIES && (status === null || status >= 500);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: { queries: { retry: isWorthRetrying, staleTime: STALE_AFTER_MS }, mutations: { retry: false } },
});
