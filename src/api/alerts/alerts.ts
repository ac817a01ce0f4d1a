import type { ShardDatabase } from "../../platform/shards.ts";
import * as z from "zod/mini";
import { accept } from "../../ingest/accept.ts";
import { ALERT_STATUSES, type Alert } from "../../model/alert.ts";
import type { HistoryKey } from "../../model/episode.ts";
import type { EventMessage } from "../../model/event.ts";
import type { Minted } from "../../model/ids.ts";
import { fail, ok } from "../../model/result.ts";
import { findAlert, findAlertKey, listAlerts } from "../../storage/alerts/list-alerts.ts";
import { findIn, idOf, listIn, shardsFor } from "../across-shards.ts";
import type { Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";
import { idFilter, listAnswer, parseListQuery } from "../paging.ts";
import { notFound } from "../problems.ts";

export const filters = { status: z.optional(z.enum(ALERT_STATUSES)), integration_id: idFilter };

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "alr", filters);
  if (!query.ok) return query;
  const { filters: given } = query.value;
  const shards = await shardsFor(call, given.integration_id);
  const page = { ...query.value.page, shares: shards.length };
  const { rows, next } = await listIn(shards, page.limit, idOf, ({ shard: { db } }) => listAlerts(db, page, given));
  return ok(listAnswer(rows, next, (row) => row));
};

const show: Verb = async (call) => {
  const where = await findIn(call.context, ({ shard: { db } }) => findAlert(db, call.id));
  return where === null ? notFound("alert") : ok({ status: 200, body: where.found });
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

type ActedOn = { readonly alert: Alert; readonly history: HistoryKey };

async function findActedOn(db: ShardDatabase, id: string): Promise<ActedOn | null> {
  const [alert, history] = await Promise.all([findAlert(db, id), findAlertKey(db, id)]);
  return alert === null || history === null ? null : { alert, history };
}

/** Acknowledging and resolving by hand are events like any other; on an alert that is so already they are nothing new. */
function act(action: "acknowledge" | "resolve"): Verb {
  return async (call) => {
    const where = await findIn(call.context, ({ shard: { db } }) => findActedOn(db, call.id));
    if (where === null) return notFound("alert");
    const { alert, history } = where.found;
    const isNew = alert.status === "open" || (alert.status === "acknowledged" && action === "resolve");
    if (!isNew) return ok({ status: 200, body: alert });
    const message = byHand(alert, history, action, call.context.mint("evt"));
    if (!(await accept(where.context, [message]))) {
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
