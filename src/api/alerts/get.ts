import { findAlert } from "../../storage/alerts/alerts.ts";
import { readCapturedOfAlert } from "../../storage/alerts/captured-values.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { alertDetails } from "./fields.ts";

export const get = endpoint({
  id: "alerts.get",
  method: "GET",
  path: "/alerts/{id}",
  scope: "read",
  summary: "Get an alert",
  answers: { 200: returns(alertDetails, "The alert.") },
}).handle(async ({ context, id }) => {
  const located = await findIn(context, async ({ shard: { db } }) => {
    const [alert, captured] = await Promise.all([findAlert(db, id), readCapturedOfAlert(db, id)]);
    return alert === null ? null : { alert, captured };
  });
  if (located === null) return notFound("alert");
  const { alert, captured } = located.found;
  const shown = captured.map(({ destination_id, captured: values }) => ({ destination_id, values }));
  return { status: 200, body: { ...alert, captured: shown } };
});
