import * as z from "zod";
import { ALERT_STATUSES } from "../model/alert.ts";
import { ok } from "../model/result.ts";
import { findAlert, listAlerts } from "../storage/listings.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";
import { idFilter, listAnswer, parseListQuery } from "./paging.ts";
import { notFound } from "./problems.ts";

const filters = { status: z.enum(ALERT_STATUSES).optional(), integration_id: idFilter };

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

export function mountAlerts(app: AdminApp): void {
  mount(app, "/alerts", { GET: list });
  mount(app, "/alerts/:id", { GET: show });
}
