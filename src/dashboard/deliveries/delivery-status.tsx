import type { Delivery } from "../../client/index.ts";
import { type Health, Status } from "../ui/status.tsx";
import { attemptResult, isAccepted } from "./attempt-result.ts";

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

/** Returns why a delivery is not delivered: what ended or defers it, and what came of its last attempt. Null if there is nothing to say. */
export function failureText({ status, reason, attempts }: Delivery): string | null {
  const last = attempts.at(-1);
  const why = reason === null ? null : reason.replaceAll("_", " ").replace(/^./u, (letter) => letter.toUpperCase());
  if (status === "delivered" || last === undefined || isAccepted(last)) return why;
  const result = `Last attempt: ${last.error ?? `status ${attemptResult(last)}`}`;
  return why === null ? result : `${why}. ${result}`;
}
