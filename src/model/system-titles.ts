import type { SystemSignal } from "./event.ts";

/** What a system event reports, in the words of its title. */
export const SYSTEM_TITLES = {
  "event.group": "Group",
  "destination.failing": "Destination failing",
  "destination.recovered": "Destination recovered",
  "destination.disabled": "Destination disabled",
  "delivery.dead": "Deliveries dead",
  "integration.silent": "Integration silent",
  "integration.heard": "Integration heard",
  "integration.rejecting": "Requests refused",
  "transformation.failing": "Transformation failing",
  "dead_letter.recorded": "Dead letter",
  "reconciliation.failed": "Reconciliation failed",
  "log.damaged": "Log damaged",
} as const satisfies Record<SystemSignal["type"], string>;
