import * as z from "zod/mini";
import { MESSAGE_TYPES, OUTCOMES, payloadOf } from "../../model/event.ts";
import { ok } from "../../model/result.ts";
import { readGroupsOf } from "../../storage/pipeline/groups.ts";
import { type ListedEvent, findEvent, listEvents } from "../../storage/events/list-events.ts";
import { findIn, idOf, listIn, shardsFor } from "../across-shards.ts";
import type { Verb } from "../call.ts";
import { eraseByHand } from "./erase.ts";
import { type AdminApp, mount } from "../mount.ts";
import { idFilter, listAnswer, parseListQuery } from "../paging.ts";
import { notFound } from "../problems.ts";
import { replayByHand } from "./replay.ts";

export const filters = {
  integration_id: idFilter,
  outcome: z.optional(z.enum(OUTCOMES)),
  type: z.optional(z.enum(MESSAGE_TYPES)),
  alert_id: idFilter,
  unrouted: z.optional(z.enum(["true", "false"])),
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
  const { filters: given } = query.value;
  const shards = await shardsFor(call, given.integration_id);
  const page = { ...query.value.page, shares: shards.length };
  const { rows, next } = await listIn(shards, page.limit, idOf, (shard) => listEvents(shard, page, given));
  return ok(listAnswer(rows, next, view));
};

const show: Verb = async (call) => {
  const where = await findIn(call.context, (at) => findEvent(at, call.id));
  if (where === null) return notFound("event");
  const { context, found: event } = where;
  const groups = event.grouped === 0 ? [] : await readGroupsOf(context.shard.db, event);
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
