import * as z from "zod/mini";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import { listDeliveries } from "../../storage/events/log.ts";
import { listIn, shardsFor, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { rangeOf, textFilter, textOf, timeFilter } from "../filters.ts";
import { FILTERED, idFilter, listResponse, pageQuery, toPage } from "../paging.ts";
import { expandDeliveries, expandDelivery, expandedDeliveryList } from "./expand.ts";

export const list = endpoint({
  id: "deliveries.list",
  method: "GET",
  path: "/deliveries",
  scope: "read",
  summary: "List deliveries",
  description: `Deliveries are in the order of their events. A replay of an earlier event is listed where the event is; \`replays\` and \`created_from\` find it. ${FILTERED}`,
  query: {
    ...pageQuery("dlv"),
    status: z.optional(z.enum(DELIVERY_STATUSES)),
    outstanding: z.optional(z.enum(["true"])).check(z.describe("Only dead deliveries that were not replayed.")),
    replays: z
      .optional(z.enum(["true", "false"]))
      .check(z.describe("Only deliveries that a replay made, or only the others.")),
    destination_id: idFilter,
    event_id: idFilter,
    integration_id: idFilter,
    event_type: z.optional(z.enum(MESSAGE_TYPES)),
    from: timeFilter("Only deliveries of events that were received at this time or later."),
    to: timeFilter("Only deliveries of events that were received at this time or earlier."),
    created_from: timeFilter("Only deliveries that were made at this time or later, also of earlier events."),
    created_to: timeFilter("Only deliveries that were made at this time or earlier."),
    q: textFilter.check(z.describe("A part of the event's title, key or payload, in any case.")),
    expand: expandDelivery,
  },
  answers: { 200: returns(expandedDeliveryList, "A page, newest first.") },
}).handle(async ({ context, query }) => {
  const { limit, cursor, from, to, created_from, created_to, q, expand, ...filters } = query;
  const range = rangeOf({ from, to });
  if (!range.ok) return range;
  const created = rangeOf({ from: created_from, to: created_to }, "created_");
  if (!created.ok) return created;
  const made = { created_from_ms: created.value.from_ms, created_to_ms: created.value.to_ms };
  const shards = await shardsFor(context, filters.integration_id);
  const page = { ...toPage({ limit, cursor }), shares: shards.length };
  const listed = await listIn(shards, limit, slotById, (at) =>
    listDeliveries(at, page, { ...filters, ...range.value, ...made, ...textOf(q) }),
  );
  const { rows, next } = await expandDeliveries(context, listed, expand);
  return listResponse(rows, next, (row) => row);
});
