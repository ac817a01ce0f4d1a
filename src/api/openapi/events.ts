import * as z from "zod/mini";
import { MESSAGE_TYPES, OUTCOMES } from "../../model/event.ts";
import { filters } from "../events/events.ts";
import { body as replayRequest } from "../events/replay.ts";
import { delivery } from "./deliveries.ts";
import { type Section, acting, listing, showing } from "./operation.ts";
import { FILTERED, anyJson, headerValues, idOf, pageOf, stamps, time } from "./shared.ts";

const event = z.strictObject({
  id: idOf("evt"),
  integration_id: z.nullable(idOf("int")).check(z.describe("Null for the gateway's own events.")),
  type: z
    .nullable(z.enum(MESSAGE_TYPES))
    .check(z.describe("What destinations are told; null where they are told nothing.")),
  outcome: z.enum(OUTCOMES),
  alert_id: z.nullable(idOf("alr")),
  received_at: time,
  payload: anyJson,
  headers: z.nullable(headerValues),
  unrouted: z.boolean().check(z.describe("Whether nobody was told, though there was something to tell.")),
  note: z.nullable(z.string()),
  ...stamps,
});

const group = z.strictObject({
  route_id: idOf("rte"),
  group: z.string(),
  closes_at: time,
  event_id: z.nullable(idOf("evt")).check(z.describe("The event that the group became.")),
});
const erased = z.extend(event, { deliveries: z.array(delivery) });
const whole = z.extend(erased, { groups: z.array(group) });
const replayed = z.strictObject({ id: idOf("evt"), deliveries: z.array(delivery) });

const page = pageOf(event);
const path = "/api/v1/events";

export const events: Section = {
  tag: "events",
  requests: { EventReplayRequest: replayRequest },
  answers: { Event: event, WholeEvent: whole, ErasedEvent: erased, EventList: page, ReplayedEvent: replayed },
  operations: [
    listing(page, {
      id: "listEvents",
      path,
      summary: "List events",
      description: `A page may be shorter where bodies are large. ${FILTERED}`,
      query: {
        integration_id: { schema: filters.integration_id },
        outcome: { schema: filters.outcome },
        type: { schema: filters.type },
        alert_id: { schema: filters.alert_id },
        unrouted: { schema: filters.unrouted },
      },
    }),
    showing(whole, { id: "getEvent", path: `${path}/{id}`, summary: "Show an event with its deliveries" }),
    acting(replayRequest, replayed, {
      id: "replayEvent",
      path: `${path}/{id}/replay`,
      summary: "Deliver an event again",
      description: "To those named, else to those that it went to or would go to now.",
      problems: { 409: "Its content is gone, or there is nothing or nobody to tell." },
    }),
    acting(null, erased, {
      id: "eraseEvent",
      path: `${path}/{id}/erase`,
      summary: "Erase what an event says",
      description: "At once and for good. What is pending of it is cancelled.",
    }),
  ],
};
