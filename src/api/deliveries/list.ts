import * as z from "zod/mini";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import { listDeliveries } from "../../storage/events/log.ts";
import { listIn, shardsFor, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { rangeOf, timeFilters } from "../filters.ts";
import { FILTERED, idFilter, listResponse, pageQuery, toPage } from "../paging.ts";
import { deliveryList, viewDelivery } from "./fields.ts";

export const list = endpoint({
  id: "deliveries.list",
  method: "GET",
  path: "/deliveries",
  scope: "read",
  summary: "List deliveries",
  description: `The times are those at which the events were received. ${FILTERED}`,
  query: {
    ...pageQuery("dlv"),
    status: z.optional(z.enum(DELIVERY_STATUSES)),
    outstanding: z.optional(z.enum(["true"])).check(z.describe("Only dead deliveries that were not replayed.")),
    destination_id: idFilter,
    event_id: idFilter,
    integration_id: idFilter,
    event_type: z.optional(z.enum(MESSAGE_TYPES)),
    ...timeFilters,
  },
  answers: { 200: returns(deliveryList, "A page, newest first.") },
}).handle(async ({ context, query: { limit, cursor, from, to, ...filters } }) => {
  const range = rangeOf({ from, to });
  if (!range.ok) return range;
  const shards = await shardsFor(context, filters.integration_id);
  const page = { ...toPage({ limit, cursor }), shares: shards.length };
  const { rows, next } = await listIn(shards, limit, slotById, (at) =>
    listDeliveries(at, page, { ...filters, ...range.value }),
  );
  return listResponse(rows, next, viewDelivery);
});
