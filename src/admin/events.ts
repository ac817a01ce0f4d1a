import * as z from "zod";
import { MESSAGE_TYPES, OUTCOMES, payloadOf } from "../model/event.ts";
import { ok } from "../model/result.ts";
import { type ListedEvent, findEvent, listEvents } from "../storage/listings.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";
import { idFilter, listAnswer, parseListQuery } from "./paging.ts";
import { notFound } from "./problems.ts";

const filters = {
  integration_id: idFilter,
  outcome: z.enum(OUTCOMES).optional(),
  type: z.enum(MESSAGE_TYPES).optional(),
  alert_id: idFilter,
};

function view({ id, integration_id, type, outcome, alert_id, received_at, content }: ListedEvent): object {
  return {
    id,
    integration_id,
    type,
    outcome,
    alert_id,
    received_at,
    created_at: received_at,
    updated_at: received_at,
    payload: content === null ? null : payloadOf(content),
    headers: content?.request.headers ?? null,
    note: content?.signal.note ?? null,
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
  return ok({ status: 200, body: { ...view(event), deliveries: event.deliveries } });
};

export function mountEvents(app: AdminApp): void {
  mount(app, "/events", { GET: list });
  mount(app, "/events/:id", { GET: show });
}
