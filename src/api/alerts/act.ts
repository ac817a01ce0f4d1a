import { accept } from "../../ingest/accept.ts";
import type { Alert } from "../../model/alert.ts";
import type { HistoryKey } from "../../model/episode.ts";
import type { EventMessage } from "../../model/event.ts";
import type { Minted } from "../../model/ids.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import type { Problem } from "../../net/problem.ts";
import { findAlertOfHistory } from "../../storage/alerts/alerts.ts";
import { recordAction } from "../audit/record.ts";
import { findIn } from "../across-shards.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import type { ApiRequest } from "../request.ts";
import { alert } from "./fields.ts";

type Action = "acknowledge" | "resolve";

const NOTE = "By hand, through the API.";
const NOT_STORED = "The event could not be stored. Send it again.";

/** The event that stands for an action by hand. */
function eventFor(found: Alert, history: HistoryKey, action: Action, minted: Minted): EventMessage {
  const received_at = new Date(minted.at_ms).toISOString();
  const body = JSON.stringify({ alert_id: found.id, action });
  const request = { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } as const;
  const content = { kind: "manual", request, signal: { action, ...history, note: NOTE } };
  return { v: 1, id: minted.id, integration_id: found.integration_id, received_at, repeat_key: null, content };
}

/** The alert as it will be when the event is processed. */
function after(found: Alert, action: Action, at: string): Alert {
  switch (action) {
    case "acknowledge":
      return { ...found, status: "acknowledged", acknowledged_at: at, updated_at: at };
    case "resolve":
      return { ...found, status: "resolved", resolved_at: at, updated_at: at };
  }
}

/** Acts on an alert through an event like any other. An action that changes nothing makes no event. */
async function act(request: ApiRequest & { readonly id: string }, action: Action): Promise<Result<Alert, Problem>> {
  const { context, id } = request;
  const located = await findIn(context, ({ shard: { db } }) => findAlertOfHistory(db, id));
  if (located === null) return notFound("alert");
  const { alert: found, history } = located.found;
  const isNew = found.status === "open" || (found.status === "acknowledged" && action === "resolve");
  if (!isNew) return ok(found);
  await recordAction(request, `alert.${action}d`, { id }, { integration_id: found.integration_id });
  const message = eventFor(found, history, action, context.mint("evt"));
  if (await accept(located.at, [message])) return ok(after(found, action, message.received_at));
  return fail({ code: "not_durable", title: NOT_STORED, headers: { "retry-after": "5" } });
}

const answers = { 200: returns(alert, "The alert as it will be when the event is processed.") };
const problems = { 503: NOT_STORED };

export const acknowledge = endpoint({
  id: "alerts.acknowledge",
  method: "POST",
  path: "/alerts/{id}/acknowledge",
  scope: "write",
  summary: "Acknowledge an alert",
  answers,
  problems,
}).handle(async (request) => {
  const acted = await act(request, "acknowledge");
  return acted.ok ? { status: 200, body: acted.value, shows: acted.value.id } : acted;
});

export const resolve = endpoint({
  id: "alerts.resolve",
  method: "POST",
  path: "/alerts/{id}/resolve",
  scope: "write",
  summary: "Resolve an alert",
  answers,
  problems,
}).handle(async (request) => {
  const acted = await act(request, "resolve");
  return acted.ok ? { status: 200, body: acted.value, shows: acted.value.id } : acted;
});
