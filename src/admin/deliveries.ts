import * as z from "zod";
import { DELIVERY_STATUSES } from "../model/delivery.ts";
import { ok } from "../model/result.ts";
import { findDelivery, listDeliveries } from "../storage/listings.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";
import { idFilter, pageAnswer, parseListQuery } from "./paging.ts";
import { notFound } from "./problems.ts";

const filters = {
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

export function mountDeliveries(app: AdminApp): void {
  mount(app, "/deliveries", { GET: list });
  mount(app, "/deliveries/:id", { GET: show });
}
