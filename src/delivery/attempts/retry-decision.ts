import { MAX_DELAY_SECONDS } from "../../model/delivery.ts";

/** What came of one attempt. */
export type AttemptOutcome =
  | { readonly kind: "responded"; readonly status: number; readonly retry_after_seconds: number | null }
  /** A destination that is not called over HTTP took it: the document is written, the message queued, the mail handed over. */
  | { readonly kind: "stored" }
  | { readonly kind: "timed_out" }
  | { readonly kind: "failed" }
  /** Our own guard refused the address; nothing was sent. */
  | { readonly kind: "refused" };

/** Why a delivery stopped, or waits; closed, because users filter by it. */
export type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly delay_seconds: number }
  | { readonly kind: "dead"; readonly reason: "gone" | "attempts_exhausted" };

/** The most that jitter lengthens a wait by. */
const JITTER = 0.2;

/** Whether the destination has what it was sent. */
export function isSuccess(outcome: AttemptOutcome): boolean {
  if (outcome.kind === "stored") return true;
  return outcome.kind === "responded" && outcome.status >= 200 && outcome.status < 300;
}

/**
 * Decides what follows an attempt. `attempt` counts from 1; `schedule` is the budget: seconds before attempts 2, 3, …
 * Jitter and `Retry-After` can only lengthen a wait, to at most 24 h. `random` gives a number in [0, 1).
 */
export function judge(
  outcome: AttemptOutcome,
  attempt: number,
  schedule: readonly number[],
  random: () => number,
): Verdict {
  if (isSuccess(outcome)) return { kind: "delivered" };
  if (outcome.kind === "responded" && outcome.status === 410) return { kind: "dead", reason: "gone" };
  const planned = schedule[attempt - 1];
  if (planned === undefined) return { kind: "dead", reason: "attempts_exhausted" };
  const asked = outcome.kind === "responded" ? (outcome.retry_after_seconds ?? 0) : 0;
  const wait = Math.max(planned, asked) * (1 + random() * JITTER);
  return { kind: "retry", delay_seconds: Math.min(MAX_DELAY_SECONDS, wait) };
}

/** Seconds that a `Retry-After` header asks for: a number of seconds or an HTTP date; null where it says neither. */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text), MAX_DELAY_SECONDS);
  // `Date.parse` makes dates of almost anything; an HTTP date opens with the day of the week and has a time.
  const at = /^[a-z]{3,9},? .*\d\d:\d\d:\d\d/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return null;
  return Math.min(Math.max(0, Math.ceil((at - nowMs) / 1000)), MAX_DELAY_SECONDS);
}
