import * as z from "zod";
import { replayEvent, retryByHand } from "../delivery/replay.ts";
import { DELIVERY_STATUSES } from "../model/delivery.ts";
import { fail, ok } from "../model/result.ts";
import { findDelivery, findEvent, listDeliveries } from "../storage/listings.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";
import { idFilter, pageAnswer, parseListQuery } from "./paging.ts";
import { notFound } from "./problems.ts";
import { readDestinations, whyNotReplayed, whyNotTold } from "./replay-event.ts";

export const filters = {
  status: z.enum(DELIVERY_STATUSES).optional(),
  destination_id: idFilter,
  event_id: idFilter,
  integration_id: idFilter,
};

const list: Verb = async (call) => {
  const query = parseListQuery(call.url, "dlv", filters);
  if (!query.ok) return query;
  const { page } = query.value;
  return ok(pageAnswer(await listDeliveries(call.env.DB, page, query.value.filters), page.limit, (row) => row));
};

const show: Verb = async (call) => {
  const delivery = await findDelivery(call.env.DB, call.id);
  return delivery === null ? notFound("delivery") : ok({ status: 200, body: delivery });
};

/** Tries a delivery again at once; one that was delivered is made anew. */
const retry: Verb = async (call) => {
  const delivery = await findDelivery(call.env.DB, call.id);
  if (delivery === null) return notFound("delivery");
  const event = await findEvent(call.env, delivery.event_id);
  if (event === null) return notFound("delivery");
  const unable = delivery.status === "delivered" ? whyNotReplayed(event) : whyNotTold(event);
  if (unable !== null) return fail(unable);
  const destinations = await readDestinations(call.env.DB);
  if (destinations.get(delivery.destination_id)?.enabled !== true) {
    return fail({ status: 409, title: "Its destination is disabled or was deleted." });
  }
  const tools = { env: call.env, now: () => Date.now() };
  if (delivery.status !== "delivered") {
    const retried = await retryByHand(tools, delivery);
    return retried === null ? notFound("delivery") : ok({ status: 200, body: retried });
  }
  const { destination_id, route_id } = delivery;
  const repeated = { destination_id, route_id, replay_of: delivery.id };
  const made = await replayEvent(tools, delivery.event_id, [repeated], call.isolate.mint("rpl").id);
  const [first] = made ?? [];
  return first === undefined ? notFound("delivery") : ok({ status: 200, body: first });
};

export function mountDeliveries(app: AdminApp): void {
  mount(app, "/deliveries", { GET: list });
  mount(app, "/deliveries/:id", { GET: show });
  mount(app, "/deliveries/:id/retry", { POST: retry });
}
