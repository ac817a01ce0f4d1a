import * as z from "zod";
import { MESSAGE_TYPES, OUTCOMES, payloadOf } from "../model/event.ts";
import { ok } from "../model/result.ts";
import { readGroupsOf } from "../storage/groups.ts";
import { type ListedEvent, findEvent, listEvents } from "../storage/listings.ts";
import type { Verb } from "./call.ts";
import { eraseByHand } from "./erase-event.ts";
import { type AdminApp, mount } from "./mount.ts";
import { idFilter, listAnswer, parseListQuery } from "./paging.ts";
import { notFound } from "./problems.ts";
import { replayByHand } from "./replay-event.ts";

export const filters = {
  integration_id: idFilter,
  outcome: z.enum(OUTCOMES).optional(),
  type: z.enum(MESSAGE_TYPES).optional(),
  alert_id: idFilter,
  unrouted: z.enum(["true", "false"]).optional(),
};

function view(event: ListedEvent): object {
  const { id, integration_id, type, outcome, alert_id, received_at, deliveries, grouped, content, is_erased } = event;
  return {
    id,
    // The gateway's own events are of no integration.
    integration_id: integration_id === "" ? null : integration_id,
    type,
    outcome,
    alert_id,
    received_at,
    created_at: received_at,
    updated_at: received_at,
    payload: content === null ? null : payloadOf(content),
    headers: content?.request.headers ?? null,
    unrouted: type !== null && deliveries.length === 0 && grouped === 0,
    note: is_erased ? "erased" : (content?.signal.note ?? null),
  };
}

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "evt", filters);
  if (!query.ok) return query;
  const { rows, more } = await listEvents(call.env, query.value.page, query.value.filters);
  return ok(listAnswer(rows, more, view));
};

const show: Verb = async (call) => {
  const event = await findEvent(call.env, call.id);
  if (event === null) return notFound("event");
  const groups = event.grouped === 0 ? [] : await readGroupsOf(call.env.DB, event);
  return ok({ status: 200, body: { ...view(event), deliveries: event.deliveries, groups } });
};

const erase: Verb = async (call) => {
  const event = await eraseByHand(call);
  return event.ok ? ok({ status: 200, body: { ...view(event.value), deliveries: event.value.deliveries } }) : event;
};

export function mountEvents(app: AdminApp): void {
  mount(app, "/events", { GET: list });
  mount(app, "/events/:id", { GET: show });
  mount(app, "/events/:id/replay", { POST: replayByHand });
  mount(app, "/events/:id/erase", { POST: erase });
}
