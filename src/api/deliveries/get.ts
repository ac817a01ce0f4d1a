import { findDelivery } from "../../storage/events/log.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { expandDeliveries, expandDelivery, expandedDelivery } from "./expand.ts";

export const get = endpoint({
  id: "deliveries.get",
  method: "GET",
  path: "/deliveries/{id}",
  scope: "read",
  summary: "Get a delivery",
  query: { expand: expandDelivery },
  answers: { 200: returns(expandedDelivery, "The delivery.") },
}).handle(async ({ context, id, query: { expand } }) => {
  const located = await findIn(context, (at) => findDelivery(at, id));
  if (located === null) return notFound("delivery");
  const { rows } = await expandDeliveries(context, { rows: [located.found], next: null }, expand);
  const [shown] = rows;
  return shown === undefined ? notFound("delivery") : { status: 200, body: shown };
});
