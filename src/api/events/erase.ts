import { type CancelReason, cancel } from "../../delivery/attempts/transitions.ts";
import { forgetResponsesAbout } from "../../storage/config/api-idempotency-keys.ts";
import { eraseEvent } from "../../storage/events/erase.ts";
import { findEvent } from "../../storage/events/log.ts";
import { recordAction } from "../audit/record.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { erasedEvent, viewDeliveriesOf, viewEvent } from "./fields.ts";

const REASON: CancelReason = "content_erased";

export const erase = endpoint({
  id: "events.erase",
  method: "POST",
  path: "/events/{id}/erase",
  scope: "write",
  summary: "Erase the content of an event",
  description: "At once and permanently. Its pending deliveries are cancelled.",
  answers: { 200: returns(erasedEvent, "The event without its content.") },
}).handle(async (request) => {
  const { context, id } = request;
  const now = new Date(context.clock()).toISOString();
  const known = await findIn(context, (at) => findEvent(at, id));
  if (known === null) return notFound("event");
  await recordAction(request, "event.erased", { id });
  const located = await findIn(context, async (at) => {
    const isErased = await eraseEvent(at, id, (delivery) => cancel(delivery, REASON, now));
    return isErased ? await findEvent(at, id) : null;
  });
  if (located === null) return notFound("event");
  const { alert_id } = located.found;
  await forgetResponsesAbout(context.primary, [id, ...(alert_id === null ? [] : [alert_id])]);
  return { status: 200, body: { ...viewEvent(located.found), deliveries: viewDeliveriesOf(located.found) } };
});
