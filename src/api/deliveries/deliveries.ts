import * as z from "zod/mini";
import { replayEvent, retryByHand } from "../../delivery/replay/replay.ts";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { fail, ok } from "../../model/result.ts";
import { findDelivery, listDeliveries } from "../../storage/events/list-deliveries.ts";
import { findEvent } from "../../storage/events/list-events.ts";
import { findIn, idOf, listIn, shardsFor } from "../across-shards.ts";
import type { Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";
import { idFilter, listAnswer, parseListQuery } from "../paging.ts";
import { notFound } from "../problems.ts";
import { readDestinations, whyNotReplayed, whyNotTold } from "../events/replay.ts";

export const filters = {
  status: z.optional(z.enum(DELIVERY_STATUSES)),
  destination_id: idFilter,
  event_id: idFilter,
  integration_id: idFilter,
};

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "dlv", filters);
  if (!query.ok) return query;
  const { page, filters: given } = query.value;
  const shards = await shardsFor(call, given.integration_id);
  const { rows, next } = await listIn(shards, page.limit, idOf, ({ shard: { db } }) => listDeliveries(db, page, given));
  return ok(listAnswer(rows, next, (row) => row));
};

const show: Verb = async (call) => {
  const where = await findIn(call.context, ({ shard: { db } }) => findDelivery(db, call.id));
  return where === null ? notFound("delivery") : ok({ status: 200, body: where.found });
};

/** Tries a delivery again at once; one that was delivered is made anew. */
const retry: Verb = async (call) => {
  const where = await findIn(call.context, ({ shard: { db } }) => findDelivery(db, call.id));
  if (where === null) return notFound("delivery");
  const { context, found: delivery } = where;
  const event = await findEvent(context, delivery.event_id);
  if (event === null) return notFound("delivery");
  const unable = delivery.status === "delivered" ? whyNotReplayed(event) : whyNotTold(event);
  if (unable !== null) return fail(unable);
  const destinations = await readDestinations(call.context.primary);
  if (destinations.get(delivery.destination_id)?.enabled !== true) {
    return fail({ status: 409, title: "Its destination is disabled or was deleted." });
  }
  if (delivery.status !== "delivered") {
    const retried = await retryByHand(context, delivery);
    return retried === null ? notFound("delivery") : ok({ status: 200, body: retried });
  }
  const { destination_id, route_id } = delivery;
  const repeated = { destination_id, route_id, replay_of: delivery.id };
  const made = await replayEvent(context, delivery.event_id, [repeated], call.context.mint("rpl").id);
  const [first] = made ?? [];
  return first === undefined ? notFound("delivery") : ok({ status: 200, body: first });
};

export function mountDeliveries(app: AdminApp): void {
  mount(app, "/deliveries", { GET: list });
  mount(app, "/deliveries/:id", { GET: show });
  mount(app, "/deliveries/:id/retry", { POST: retry });
}
