import * as z from "zod/mini";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { listDeliveries } from "../../storage/events/log.ts";
import { listIn, shardsFor, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { FILTERED, idFilter, listResponse, pageQuery, toPage } from "../paging.ts";
import { deliveryList, viewDelivery } from "./fields.ts";

export const list = endpoint({
  id: "deliveries.list",
  method: "GET",
  path: "/deliveries",
  scope: "read",
  summary: "List deliveries",
  description: FILTERED,
  query: {
    ...pageQuery("dlv"),
    status: z.optional(z.enum(DELIVERY_STATUSES)),
    outstanding: z.optional(z.enum(["true"])).check(z.describe("Only dead deliveries that were not replayed.")),
    destination_id: idFilter,
    event_id: idFilter,
    integration_id: idFilter,
  },
  answers: { 200: returns(deliveryList, "A page, newest first.") },
}).handle(async ({ context, query: { limit, cursor, ...filters } }) => {
  const page = toPage({ limit, cursor });
  const shards = await shardsFor(context, filters.integration_id);
  const { rows, next } = await listIn(shards, limit, slotById, (at) => listDeliveries(at, page, filters));
  return listResponse(rows, next, viewDelivery);
});
