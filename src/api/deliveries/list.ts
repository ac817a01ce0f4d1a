import * as z from "zod/mini";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import { listDeliveries } from "../../storage/events/log.ts";
import { listIn, shardsFor, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { rangeOf, timeFilters } from "../filters.ts";
import { FILTERED, idFilter, listResponse, pageQuery, toPage } from "../paging.ts";
import { expandDeliveries, expandDelivery, expandedDeliveryList } from "./expand.ts";

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
    expand: expandDelivery,
  },
  answers: { 200: returns(expandedDeliveryList, "A page, newest first.") },
}).handle(async ({ context, query: { limit, cursor, from, to, expand, ...filters } }) => {
  const range = rangeOf({ from, to });
  if (!range.ok) return range;
  const shards = await shardsFor(context, filters.integration_id);
  const page = { ...toPage({ limit, cursor }), shares: shards.length };
  const listed = await listIn(shards, limit, slotById, (at) =>
    listDeliveries(at, page, { ...filters, ...range.value }),
  );
  const { rows, next } = await expandDeliveries(context, listed, expand);
  return listResponse(rows, next, (row) => row);
});
