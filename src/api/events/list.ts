import * as z from "zod/mini";
import { MESSAGE_TYPES, OUTCOMES } from "../../model/event.ts";
import { listEvents } from "../../storage/events/log.ts";
import { listIn, shardsFor, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { rangeOf, textFilter, textOf, timeFilters } from "../filters.ts";
import { FILTERED, idFilter, listResponse, pageQuery, toPage } from "../paging.ts";
import { expandEvent, expandEvents, expandedEventList } from "./expand.ts";

export const list = endpoint({
  id: "events.list",
  method: "GET",
  path: "/events",
  scope: "read",
  summary: "List events",
  description: `A page may be shorter if bodies are large. ${FILTERED}`,
  query: {
    ...pageQuery("evt"),
    integration_id: idFilter,
    outcome: z.optional(z.enum(OUTCOMES)),
    type: z.optional(z.enum(MESSAGE_TYPES)),
    alert_id: idFilter,
    unrouted: z.optional(z.enum(["true", "false"])),
    ...timeFilters,
    q: textFilter,
    expand: expandEvent,
  },
  answers: { 200: returns(expandedEventList, "A page, newest first.") },
}).handle(async ({ context, query: { limit, cursor, from, to, q, expand, ...filters } }) => {
  const range = rangeOf({ from, to });
  if (!range.ok) return range;
  const shards = await shardsFor(context, filters.integration_id);
  const page = { ...toPage({ limit, cursor }), shares: shards.length };
  const listed = await listIn(shards, limit, slotById, (at) =>
    listEvents(at, page, { ...filters, ...range.value, ...textOf(q) }),
  );
  const { rows, next } = await expandEvents(context, listed, expand);
  return listResponse(rows, next, (row) => row);
});
