import { findAlert } from "../../storage/alerts/alerts.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { alert } from "./fields.ts";

export const get = endpoint({
  id: "alerts.get",
  method: "GET",
  path: "/alerts/{id}",
  scope: "read",
  summary: "Get an alert",
  answers: { 200: returns(alert, "The alert.") },
}).handle(async ({ context, id }) => {
  const located = await findIn(context, ({ shard: { db } }) => findAlert(db, id));
  return located === null ? notFound("alert") : { status: 200, body: located.found };
});
