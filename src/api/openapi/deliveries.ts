import * as z from "zod/mini";
import { DELIVERY_STATUSES, type Delivery } from "../../model/delivery.ts";
import { filters } from "../deliveries/deliveries.ts";
import { type Section, acting, listing, showing } from "./operation.ts";
import { FILTERED, idOf, pageOf, stamps, time } from "./shared.ts";

const attempt = z.strictObject({
  number: z.int(),
  at: time,
  status: z.nullable(z.int()),
  duration_ms: z.int(),
  response_body: z.nullable(z.string()),
  error: z.nullable(z.string()),
});

export const delivery = z.strictObject({
  id: idOf("dlv"),
  event_id: idOf("evt"),
  destination_id: idOf("dst"),
  route_id: z.nullable(idOf("rte")),
  replay_of: z.nullable(z.string()).check(z.describe("The delivery that it repeats, or the event.")),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.array(attempt),
  next_attempt_at: z.nullable(time),
  reason: z.nullable(z.string()),
  ...stamps,
}) satisfies z.ZodMiniType<Delivery>;

const page = pageOf(delivery);
const path = "/api/v1/deliveries";

export const deliveries: Section = {
  tag: "deliveries",
  requests: {},
  answers: { Delivery: delivery, DeliveryList: page },
  operations: [
    listing(page, {
      id: "listDeliveries",
      path,
      summary: "List deliveries",
      description: FILTERED,
      query: {
        status: { schema: filters.status },
        destination_id: { schema: filters.destination_id },
        event_id: { schema: filters.event_id },
        integration_id: { schema: filters.integration_id },
      },
    }),
    showing(delivery, { id: "getDelivery", path: `${path}/{id}`, summary: "Show a delivery" }),
    acting(null, delivery, {
      id: "retryDelivery",
      path: `${path}/{id}/retry`,
      summary: "Try a delivery again at once",
      description: "One that was delivered is made anew, and the answer is the new one.",
      problems: { 409: "Its destination is off or gone, or its event can no longer be told." },
    }),
  ],
};
