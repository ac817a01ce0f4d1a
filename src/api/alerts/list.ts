import * as z from "zod/mini";
import { ALERT_STATUSES, URGENCIES } from "../../model/alert.ts";
import { listAlerts } from "../../storage/alerts/alerts.ts";
import { listIn, shardsFor, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { rangeOf, textFilter, textOf, timeFilters } from "../filters.ts";
import { FILTERED, idFilter, listResponse, pageQuery, toPage } from "../paging.ts";
import { alertList } from "./fields.ts";
import { knownFrom } from "./known-from.ts";

/** A longer text is the key of no alert. */
const MAX_KEY = 2_000;

export const list = endpoint({
  id: "alerts.list",
  method: "GET",
  path: "/alerts",
  scope: "read",
  summary: "List alerts",
  description: `The times are those at which the alerts were opened. A page may be shorter if descriptions are large. ${FILTERED}`,
  query: {
    ...pageQuery("alr"),
    status: z.optional(z.enum(ALERT_STATUSES)),
    integration_id: idFilter,
    key: z.optional(z.string().check(z.maxLength(MAX_KEY))),
    urgency: z.optional(z.enum(URGENCIES)),
    ...timeFilters,
    q: textFilter,
  },
  answers: { 200: returns(alertList, "A page, newest first.") },
}).handle(async ({ context, query: { limit, cursor, from, to, q, ...filters } }) => {
  const range = rangeOf({ from, to });
  if (!range.ok) return range;
  const known_from_ms = knownFrom(context);
  const shards = await shardsFor(context, filters.integration_id);
  const page = { ...toPage({ limit, cursor }), shares: shards.length };
  const { rows, next } = await listIn(shards, limit, slotById, ({ shard: { db } }) =>
    listAlerts(db, page, { ...filters, ...range.value, ...textOf(q), known_from_ms }),
  );
  return listResponse(rows, next, (row) => row);
});
