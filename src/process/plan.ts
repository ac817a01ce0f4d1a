import type { Deliverable } from "../delivery/envelope.ts";
import type { FirstAttempt } from "../delivery/first-attempts.ts";
import type { Health } from "../delivery/health.ts";
import { cancel, newDelivery, reinstate } from "../delivery/ledger.ts";
import type { Delivery } from "../model/delivery.ts";
import type { EventContent, MessageType } from "../model/event.ts";
import { selectDestinations } from "../routing/select.ts";
import type { CatalogSnapshot } from "../storage/catalog.ts";

/** An event as far as deliveries are concerned; without a type nobody is told of it. */
export type Plannable = Omit<Deliverable, "type" | "content"> & {
  readonly type: MessageType | null;
  /** Null where it has been erased: what is owed can then not be sent. */
  readonly content: EventContent | null;
};

/** What is owed for one event: its deliveries, and those of them that are to be tried at once. */
export type Plan = { readonly deliveries: readonly Delivery[]; readonly firsts: readonly FirstAttempt[] };

/**
 * Plans the deliveries that an event is owed. `existing` are those it has: they stay, but pending ones that are owed no
 * longer are given up, and those are taken up again that are owed after all. `at` is an ISO time.
 */
export function planDeliveries(
  catalog: CatalogSnapshot,
  health: Health,
  event: Plannable,
  existing: readonly Delivery[],
  at: string,
): Plan {
  const { type } = event;
  const owed = type === null ? [] : selectDestinations(catalog.routes, { integration_id: event.integration_id, type });
  const owedTo = new Set(owed.map((each) => each.destination_id));
  const deliveries = existing.map((each) =>
    owedTo.has(each.destination_id) ? reinstate(each, at) : cancel(each, "superseded", at),
  );
  const firsts: FirstAttempt[] = [];
  for (const each of owed) {
    const destination = catalog.destinations.get(each.destination_id);
    const known = existing.some((delivery) => delivery.destination_id === each.destination_id);
    if (destination === undefined || known || type === null) continue;
    const delivery = newDelivery(event.id, each, at);
    const { content } = event;
    if (content === null || !destination.enabled) {
      deliveries.push(cancel(delivery, content === null ? "content_erased" : "destination_disabled", at));
      continue;
    }
    deliveries.push(delivery);
    if (health.isHealthy(destination.id)) firsts.push({ event: { ...event, type, content }, delivery, destination });
  }
  return { deliveries, firsts };
}
