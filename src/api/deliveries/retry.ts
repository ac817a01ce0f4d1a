import { replayEvent, retryByHand } from "../../delivery/replay/replay.ts";
import { fail } from "../../model/result.ts";
import { findDelivery, findEvent } from "../../storage/events/log.ts";
import { recordAction } from "../audit/record.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { readDestinations, refuseDelivery, refuseReplay } from "../events/replayable.ts";
import { notFound } from "../problems.ts";
import { delivery, viewDeliveryOf } from "./fields.ts";

export const retry = endpoint({
  id: "deliveries.retry",
  method: "POST",
  path: "/deliveries/{id}/retry",
  scope: "write",
  summary: "Retry a delivery now",
  description: "If the delivery succeeded already, a new delivery repeats it and is returned.",
  answers: { 200: returns(delivery, "The delivery, or the new one.") },
  problems: { 409: "Its destination is disabled or deleted, or its event can no longer be delivered." },
}).handle(async (request) => {
  const { context, id } = request;
  const located = await findIn(context, (at) => findDelivery(at, id));
  if (located === null) return notFound("delivery");
  const { at, found } = located;
  const event = await findEvent(at, found.event_id);
  if (event === null) return notFound("delivery");
  const refusal = found.status === "delivered" ? refuseReplay(event) : refuseDelivery(event);
  if (refusal !== null) return refusal;
  const destinations = await readDestinations(context.primary);
  if (destinations.get(found.destination_id)?.enabled !== true) {
    return fail({ code: "destination_disabled", title: "Its destination is disabled or was deleted." });
  }
  const { event_id, destination_id, route_id, status } = found;
  const shows = event.alert_id ?? event.id;
  await recordAction(request, "delivery.retried", { id: found.id }, { event_id, destination_id, status });
  if (found.status !== "delivered") {
    const retried = await retryByHand(at, found);
    return retried === null ? notFound("delivery") : { status: 200, body: viewDeliveryOf(event, retried), shows };
  }
  const repeated = { destination_id, route_id, replay_of: found.id };
  const made = await replayEvent(at, found.event_id, [repeated], context.mint("rpl").id);
  const [first] = made ?? [];
  return first === undefined ? notFound("delivery") : { status: 200, body: viewDeliveryOf(event, first), shows };
});
