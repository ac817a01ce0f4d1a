import type { Event } from "../../client/index.ts";
import { deliveryState } from "./delivery-state.ts";

/** What became of an event, in its row. What is delivered is plain text, so that the others stand out. */
export function DeliveryTag({ event }: { readonly event: Pick<Event, "unrouted" | "delivery_counts" | "type"> }) {
  const state = deliveryState(event);
  if (state === null) return event.type;
  if (state.health === "ok") return state.text;
  return (
    <span className="tag" data-health={state.health}>
      {state.text}
    </span>
  );
}
