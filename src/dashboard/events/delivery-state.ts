import type { Event } from "../../client/index.ts";

/** What became of an event, in a few words. Null if nothing is to be delivered. */
export type DeliveryState = { readonly health: "ok" | "failing" | "pending" | "dead" | "quiet"; readonly text: string };

function countText(count: number, total: number, word: string): string {
  return total === 1 ? word : `${count} of ${total} ${word}`;
}

/** Returns what became of an event: the worst of its deliveries, because the others need nobody. */
export function deliveryState({
  unrouted,
  delivery_counts,
}: Pick<Event, "unrouted" | "delivery_counts">): DeliveryState | null {
  if (unrouted) return { health: "failing", text: "no route" };
  const { pending, delivered, dead, cancelled, outstanding } = delivery_counts;
  // A dead delivery that was replayed is counted by its replay.
  const total = pending + delivered + cancelled + outstanding;
  if (outstanding > 0) return { health: "dead", text: countText(outstanding, total, "dead") };
  if (pending > 0) return { health: "pending", text: countText(pending, total, "pending") };
  if (delivered > 0) return { health: "ok", text: countText(delivered, total, "delivered") };
  return cancelled + dead > 0 ? { health: "quiet", text: "cancelled" } : null;
}
