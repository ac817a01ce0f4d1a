import type { Failure } from "./result.ts";

const RETRIED_STATUSES = [429, 503];
const FIRST_DELAY_MS = 1_000;
/** A longer wait than this is left to the caller. */
const MAX_DELAY_MS = 60_000;

/** The delay that `Retry-After` asks for, as seconds or as a date; null without a readable one. */
function askedDelayMs(headers: Headers, nowMs: number): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** How long to wait before the next retry; null if the failure is final. `retries` is the number of retries so far. */
export function retryDelayMs(failure: Failure, retries: number, nowMs: number): number | null {
  if (failure.kind === "network" || !RETRIED_STATUSES.includes(failure.status)) return null;
  const delay = askedDelayMs(failure.headers, nowMs) ?? FIRST_DELAY_MS * 2 ** retries;
  return delay > MAX_DELAY_MS ? null : delay;
}
