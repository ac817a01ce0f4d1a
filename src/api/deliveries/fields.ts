import * as z from "zod/mini";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { pageOf } from "../paging.ts";
import { answerSchema, idOf, stamps, time } from "../schema.ts";

export const delivery = answerSchema(
  "Delivery",
  z.strictObject({
    id: idOf("dlv"),
    event_id: idOf("evt"),
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
    ...stamps,
  }),
);
export const deliveryList = pageOf("DeliveryList", delivery);
