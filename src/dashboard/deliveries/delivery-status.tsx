import type { Delivery } from "../../client/index.ts";
import { type Health, Status } from "../ui/status.tsx";

/** A pending delivery that failed before is failing, not only waiting. */
function healthOf({ status, attempts }: Pick<Delivery, "status" | "attempts">): Health {
  switch (status) {
    case "delivered":
      return "ok";
    case "dead":
      return "dead";
    case "cancelled":
      return "quiet";
    case "pending":
      return attempts.length === 0 ? "pending" : "failing";
  }
}

export function DeliveryStatus({ delivery }: { readonly delivery: Pick<Delivery, "status" | "attempts"> }) {
  const health = healthOf(delivery);
  return <Status health={health}>{health === "failing" ? "retrying" : delivery.status}</Status>;
}

type Attempt = Delivery["attempts"][number];

/** Whether the destination accepted the attempt. */
export function isAccepted({ status, error }: Attempt): boolean {
  return error === null && status !== null && status >= 200 && status < 300;
}

/** Returns why a delivery is not delivered: what ended or defers it, and what came of its last attempt. Null if there is nothing to say. */
export function failureText({ status, reason, attempts }: Delivery): string | null {
  const last = attempts.at(-1);
  const why = reason === null ? null : reason.replaceAll("_", " ").replace(/^./u, (letter) => letter.toUpperCase());
  if (status === "delivered" || last === undefined || isAccepted(last)) return why;
  const result = `Last attempt: ${last.error ?? `status ${attemptResult(last)}`}`;
  return why === null ? result : `${why}. ${result}`;
}

/** What came of an attempt in a word or a number. */
export function attemptResult({ status, error }: Attempt): string {
  if (status !== null) return String(status);
  return error === null ? "no answer" : "failed";
}
