import * as z from "zod/mini";
import { MESSAGE_TYPES, OUTCOMES, payloadOf } from "../../model/event.ts";
import { isByNameOnly, noteOf } from "../../model/note.ts";
import { type ListedEvent, isOutstanding } from "../../storage/events/log.ts";
import { delivery, viewDeliveryOf } from "../deliveries/fields.ts";
import type { Shown } from "../endpoint.ts";
import { anyJson, answerSchema, headerValues, idOf, stamps, time } from "../schema.ts";

const deliveryCounts = z
  .strictObject({
    pending: z.int(),
    delivered: z.int(),
    dead: z.int(),
    cancelled: z.int(),
    outstanding: z.int().check(z.describe("The dead ones that were not replayed.")),
  })
  .check(z.describe("The number of its deliveries by status."));

export const event = answerSchema(
  "EventOfDelivery",
  z.strictObject({
    id: idOf("evt"),
    integration_id: z.nullable(idOf("int")).check(z.describe("Null for the gateway's own events.")),
    type: z
      .nullable(z.enum(MESSAGE_TYPES))
      .check(z.describe("The type that destinations receive; null if nothing is delivered.")),
    outcome: z.enum(OUTCOMES),
    alert_id: z.nullable(idOf("alr")),
    title: z
      .nullable(z.string())
      .check(z.describe("What it is about; null if neither its alert nor a short payload has a title.")),
    summary: z
      .nullable(z.string())
      .check(z.describe("The title, or else the beginning of the payload; null if the payload is long.")),
    received_at: time,
    payload: anyJson,
    headers: z.nullable(headerValues),
    unrouted: z
      .boolean()
      .check(z.describe("Whether no route took the event. Types that a route must name do not count.")),
    delivery_counts: deliveryCounts,
    note: z
      .nullable(z.string())
      .check(
        z.describe(
          "What the gateway noticed, and why nothing is delivered, or not yet. `GET /events/{id}/explain` says which condition of each route fails.",
        ),
      ),
    ...stamps,
  }),
);

export const erasedEvent = answerSchema("ErasedEvent", z.extend(event, { deliveries: z.array(delivery) }));
export const wholeEvent = z.extend(erasedEvent, {
  groups: z.array(
    z.strictObject({
      route_id: idOf("rte"),
      group: z.string(),
      closes_at: time,
      event_id: z.nullable(idOf("evt")).check(z.describe("The event of the closed group.")),
    }),
  ),
});

function isRouted({ deliveries, grouped }: ListedEvent): boolean {
  return deliveries.length > 0 || grouped > 0;
}

/** Returns the note of an event: what its source says, and why nothing is delivered if nothing is. */
export function noteOfListed(event: ListedEvent): string | null {
  const { type, outcome, content, is_erased, deliveries } = event;
  if (is_erased) return "erased";
  if (content === null) return "The content is gone.";
  return noteOf({ type, outcome, signal: content.signal, is_routed: isRouted(event), deliveries });
}

function countsOf({ deliveries }: ListedEvent): Shown<typeof deliveryCounts> {
  const counts = { pending: 0, delivered: 0, dead: 0, cancelled: 0, outstanding: 0 };
  for (const each of deliveries) {
    counts[each.status] += 1;
    if (isOutstanding(each)) counts.outstanding += 1;
  }
  return counts;
}

export function viewEvent(listed: ListedEvent): Shown<typeof event> {
  const { id, integration_id, type, outcome, alert_id, title, summary, received_at, content } = listed;
  return {
    id,
    integration_id: integration_id === "" ? null : integration_id,
    type,
    outcome,
    alert_id,
    title,
    summary,
    received_at,
    created_at: received_at,
    updated_at: received_at,
    payload: content === null ? null : payloadOf(content),
    headers: content?.request.headers ?? null,
    unrouted: type !== null && !isRouted(listed) && !isByNameOnly(type),
    delivery_counts: countsOf(listed),
    note: noteOfListed(listed),
  };
}

/** Shows the deliveries of an event. */
export function viewDeliveriesOf(event: ListedEvent): Shown<typeof delivery>[] {
  return event.deliveries.map((each) => viewDeliveryOf(event, each));
}
