import * as z from "zod/mini";
import { ALERT_STATUSES } from "../../model/alert.ts";
import { listAlerts } from "../../storage/alerts/alerts.ts";
import { listIn, shardsFor, slotById } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { FILTERED, idFilter, listResponse, pageQuery, toPage } from "../paging.ts";
import { alertList } from "./fields.ts";

export const list = endpoint({
  id: "alerts.list",
  method: "GET",
  path: "/alerts",
  scope: "read",
  summary: "List alerts",
  description: `A page may be shorter if descriptions are large. ${FILTERED}`,
  query: { ...pageQuery("alr"), status: z.optional(z.enum(ALERT_STATUSES)), integration_id: idFilter },
  answers: { 200: returns(alertList, "A page, newest first.") },
}).handle(async ({ context, query: { limit, cursor, ...filters } }) => {
  const shards = await shardsFor(context, filters.integration_id);
  const page = { ...toPage({ limit, cursor }), shares: shards.length };
  const { rows, next } = await listIn(shards, limit, slotById, ({ shard: { db } }) => listAlerts(db, page, filters));
  return listResponse(rows, next, (row) => row);
});
