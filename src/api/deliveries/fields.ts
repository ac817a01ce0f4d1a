import * as z from "zod/mini";
import { DELIVERY_STATUSES, type Delivery } from "../../model/delivery.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import type { ListedDelivery, ListedEvent } from "../../storage/events/log.ts";
import type { Shown } from "../endpoint.ts";
import { answerSchema, idOf, stamps, time } from "../schema.ts";

export const delivery = answerSchema(
  "DeliveryOfEvent",
  z.strictObject({
    id: idOf("dlv"),
    event_id: idOf("evt"),
    event_type: z.nullable(z.enum(MESSAGE_TYPES)),
    title: z
      .nullable(z.string())
      .check(z.describe("The event's; null if neither its alert nor a short payload has one.")),
    summary: z
      .nullable(z.string())
      .check(z.describe("The event's `title`, or else the beginning of its payload; null if the payload is long.")),
    integration_id: z.nullable(idOf("int")).check(z.describe("Null for the gateway's own events.")),
    destination_id: idOf("dst"),
    route_id: z.nullable(idOf("rte")),
    replay_of: z.nullable(z.string()).check(z.describe("The delivery that it repeats, or the event.")),
    replayed_by: z.nullable(z.string()).check(z.describe("The delivery that repeats it.")),
    status: z.enum(DELIVERY_STATUSES),
    attempts: z.array(
      z.strictObject({
        number: z.int(),
        at: time,
        status: z.nullable(z.int()),
        duration_ms: z.int(),
        response_body: z.nullable(z.string()),
        error: z.nullable(z.string()),
      }),
    ),
    next_attempt_at: z.nullable(time),
    reason: z.nullable(z.string()),
    captured: z
      .optional(z.record(z.string(), z.string()))
      .check(z.describe("Values of the response that are kept for the alert; absent if there are none.")),
    ...stamps,
  }),
);

/** Shows a delivery of a list. */
export function viewDelivery({ integration_id, ...rest }: ListedDelivery): Shown<typeof delivery> {
  return { ...rest, integration_id: integration_id === "" ? null : integration_id };
}

/** Shows a delivery of an event that is at hand. */
export function viewDeliveryOf(
  { type, title, summary, integration_id }: Pick<ListedEvent, "type" | "title" | "summary" | "integration_id">,
  shown: Delivery,
): Shown<typeof delivery> {
  return viewDelivery({ ...shown, event_type: type, title, summary, integration_id });
}
