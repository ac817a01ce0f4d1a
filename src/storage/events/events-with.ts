import type { DeliveryStatus } from "../../model/delivery.ts";

/** Events that have a delivery of one status: what to read them from, and the condition that says so. */
export type EventsWith = { readonly from: string; readonly condition: string };

/** Few deliveries end like this, and an index leads to their events; a query has to repeat its condition to use it. */
export function eventsWith(status: "dead" | "cancelled"): EventsWith {
  return { from: `events INDEXED BY events_with_${status}`, condition: hasStatus(status) };
}

/** Holds for events with such a delivery, and no others: a quotation mark inside of a text would be escaped in JSON. */
export function hasStatus(status: DeliveryStatus): string {
  return `instr(deliveries, '"status":"${status}"') > 0`;
}
