import type { Alert } from "../../client/index.ts";
import { type Health, Status } from "../ui/status.tsx";

const STATUS_HEALTH = { open: "dead", acknowledged: "pending", resolved: "ok" } as const satisfies Record<
  Alert["status"],
  Health
>;
const URGENCY_HEALTH = { critical: "dead", high: "failing", medium: "pending", low: "quiet" } as const satisfies Record<
  NonNullable<Alert["urgency"]>,
  Health
>;

export function AlertStatus({ status }: Pick<Alert, "status">) {
  return <Status health={STATUS_HEALTH[status]}>{status}</Status>;
}

export function UrgencyTag({ urgency }: { readonly urgency: NonNullable<Alert["urgency"]> }) {
  return (
    <span className="tag" data-health={URGENCY_HEALTH[urgency]}>
      {urgency}
    </span>
  );
}
