import { MAX_DELAY_SECONDS } from "../../platform/limits.ts";

/** The outcome of one attempt. */
export type AttemptOutcome =
  | { readonly kind: "responded"; readonly status: number; readonly retry_after_seconds: number | null }
  /** Taken by a destination that is not called over HTTP: the document is written, the message queued, the mail sent. */
  | { readonly kind: "stored" }
  | { readonly kind: "timed_out" }
  | { readonly kind: "failed" }
  /** The gateway refused to send, for instance to a private address. */
  | { readonly kind: "refused" }
  /** Nothing was sent, because another attempt is renewing the access token. */
  | { readonly kind: "waiting" }
  /** Nothing was sent, because the preset sends nothing for this type of message. */
  | { readonly kind: "skipped" }
  /** Nothing was sent, because no command listens to the destination. */
  | { readonly kind: "not_connected" }
  /** Nothing was sent, because the request needs captured values that are not there. */
  | { readonly kind: "lacking" };

/** The next step after an attempt. The reasons are a closed list, because users filter by them. */
export type RetryDecision =
  | { readonly kind: "delivered" }
  /** The attempt does not count. */
  | { readonly kind: "wait"; readonly delay_seconds: number }
  /** The attempt does not count, and none follows until a command listens. */
  | { readonly kind: "hold" }
  | { readonly kind: "retry"; readonly delay_seconds: number }
  | { readonly kind: "dead"; readonly reason: "gone" | "attempts_exhausted" | "captured_missing" };

/** How long a delivery waits for an access token, in seconds. */
const TOKEN_WAIT_SECONDS = 5;

/** Jitter lengthens a wait by at most this share of it. */
const MAX_JITTER = 0.2;

/** Returns true if the destination has received the delivery, or has nothing to receive. */
export function isSuccess(outcome: AttemptOutcome): boolean {
  if (outcome.kind === "stored" || outcome.kind === "skipped") return true;
  return outcome.kind === "responded" && outcome.status >= 200 && outcome.status < 300;
}

/** Returns true if the gateway sent nothing, so that the attempt says nothing about the destination. */
export function isUnsent({ kind }: AttemptOutcome): boolean {
  return (
    kind === "refused" || kind === "waiting" || kind === "skipped" || kind === "not_connected" || kind === "lacking"
  );
}

/**
 * Decides the next step after an attempt. `attempt` counts from 1; `schedule` holds the seconds before attempts 2, 3, … and with
 * that their number. Jitter and `Retry-After` can only lengthen a wait, up to 24 h. `random` returns a number in [0, 1).
 */
export function decideRetry(
  outcome: AttemptOutcome,
  attempt: number,
  schedule: readonly number[],
  random: () => number,
): RetryDecision {
  if (isSuccess(outcome)) return { kind: "delivered" };
  if (outcome.kind === "not_connected") return { kind: "hold" };
  // Earlier deliveries of the alert are final, so that another attempt would lack the same values.
  if (outcome.kind === "lacking") return { kind: "dead", reason: "captured_missing" };
  if (outcome.kind === "waiting") return { kind: "wait", delay_seconds: TOKEN_WAIT_SECONDS };
  if (outcome.kind === "responded" && outcome.status === 410) return { kind: "dead", reason: "gone" };
  const planned = schedule[attempt - 1];
  if (planned === undefined) return { kind: "dead", reason: "attempts_exhausted" };
  const asked = outcome.kind === "responded" ? (outcome.retry_after_seconds ?? 0) : 0;
  const wait = Math.max(planned, asked) * (1 + random() * MAX_JITTER);
  return { kind: "retry", delay_seconds: Math.min(MAX_DELAY_SECONDS, wait) };
}

/** Returns the seconds of a `Retry-After` header, which is a number or an HTTP date (RFC 9110); null if it is neither. */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text), MAX_DELAY_SECONDS);
  // `Date.parse` accepts almost any text; an HTTP date begins with the day of the week and has a time.
  const at = /^[a-z]{3,9},? .*\d\d:\d\d:\d\d/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return null;
  return Math.min(Math.max(0, Math.ceil((at - nowMs) / 1000)), MAX_DELAY_SECONDS);
}
