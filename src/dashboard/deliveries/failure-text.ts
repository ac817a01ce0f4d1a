import type { Delivery } from "../../client/index.ts";
import { attemptResult, isAccepted } from "./attempt-result.ts";

type Failing = Pick<Delivery, "status" | "reason" | "attempts">;

/** A reason as a sentence: a code such as `breaker_open` in words. An error is a sentence already. */
function sentenceOf(reason: string): string {
  const text = reason.replaceAll("_", " ").replace(/^./u, (letter) => letter.toUpperCase());
  return /[.!?…]$/u.test(text) ? text : `${text}.`;
}

/** Returns why a delivery is not delivered: what ended or defers it, and what came of its last attempt. Null if there is nothing to say. */
export function failureText({ status, reason, attempts }: Failing): string | null {
  const last = attempts.at(-1);
  const hasFailed = status !== "delivered" && last !== undefined && !isAccepted(last);
  if (!hasFailed) return reason === null ? null : sentenceOf(reason);
  const error = last.error ?? `status ${attemptResult(last)}`;
  const result = `Last attempt: ${error}`;
  // The reason of a delivery that is retried is the error of its last attempt.
  return reason === null || reason === error ? result : `${sentenceOf(reason)} ${result}`;
}
