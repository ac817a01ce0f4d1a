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
