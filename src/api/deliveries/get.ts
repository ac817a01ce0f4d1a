import { findDelivery } from "../../storage/events/log.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { delivery, viewDelivery } from "./fields.ts";

export const get = endpoint({
  id: "deliveries.get",
  method: "GET",
  path: "/deliveries/{id}",
  scope: "read",
  summary: "Get a delivery",
  answers: { 200: returns(delivery, "The delivery.") },
}).handle(async ({ context, id }) => {
  const located = await findIn(context, (at) => findDelivery(at, id));
  return located === null ? notFound("delivery") : { status: 200, body: viewDelivery(located.found) };
});
