import * as z from "zod";
import { accept } from "../ingest/accept.ts";
import { ALERT_STATUSES, type Alert } from "../model/alert.ts";
import type { HistoryKey } from "../model/episode.ts";
import type { EventMessage } from "../model/event.ts";
import type { Minted } from "../model/ids.ts";
import { fail, ok } from "../model/result.ts";
import { findAlert, findAlertKey, listAlerts } from "../storage/listings.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";
import { idFilter, listAnswer, parseListQuery } from "./paging.ts";
import { notFound } from "./problems.ts";

export const filters = { status: z.enum(ALERT_STATUSES).optional(), integration_id: idFilter };

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "alr", filters);
  if (!query.ok) return query;
  const { rows, more } = await listAlerts(call.env.DB, query.value.page, query.value.filters);
  return ok(listAnswer(rows, more, (row) => row));
};

const show: Verb = async (call) => {
  const alert = await findAlert(call.env.DB, call.id);
  return alert === null ? notFound("alert") : ok({ status: 200, body: alert });
};

const BY_HAND = "By hand, through the API.";

function byHand(alert: Alert, history: HistoryKey, action: "acknowledge" | "resolve", minted: Minted): EventMessage {
  const received_at = new Date(minted.at_ms).toISOString();
  const body = JSON.stringify({ alert_id: alert.id, action });
  const request = { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } as const;
  const content = { kind: "manual", request, signal: { action, ...history, note: BY_HAND } };
  return { v: 1, id: minted.id, integration_id: alert.integration_id, received_at, repeat_key: null, content };
}

/** The alert as it will be shown once the event is processed. */
function after(alert: Alert, action: "acknowledge" | "resolve", at: string): Alert {
  switch (action) {
    case "acknowledge":
      return { ...alert, status: "acknowledged", acknowledged_at: at, updated_at: at };
    case "resolve":
      return { ...alert, status: "resolved", resolved_at: at, updated_at: at };
  }
}

/** Acknowledging and resolving by hand are events like any other; on an alert that is so already they are nothing new. */
function act(action: "acknowledge" | "resolve"): Verb {
  return async (call) => {
    const [alert, history] = await Promise.all([findAlert(call.env.DB, call.id), findAlertKey(call.env.DB, call.id)]);
    if (alert === null || history === null) return notFound("alert");
    const isNew = alert.status === "open" || (alert.status === "acknowledged" && action === "resolve");
    if (!isNew) return ok({ status: 200, body: alert });
    const message = byHand(alert, history, action, call.isolate.mint("evt"));
    if (!(await accept(call.env, call.isolate, [message]))) {
      return fail({
        status: 503,
        title: "The event could not be stored. Send it again.",
        headers: { "retry-after": "5" },
      });
    }
    return ok({ status: 200, body: after(alert, action, message.received_at) });
  };
}

export function mountAlerts(app: AdminApp): void {
  mount(app, "/alerts", { GET: list });
  mount(app, "/alerts/:id", { GET: show });
  mount(app, "/alerts/:id/acknowledge", { POST: act("acknowledge") });
  mount(app, "/alerts/:id/resolve", { POST: act("resolve") });
}
