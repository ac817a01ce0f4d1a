import * as z from "zod/mini";
import { ALERT_STATUSES, type Alert } from "../../model/alert.ts";
import { filters } from "../alerts/alerts.ts";
import { alertFields } from "./integrations.ts";
import { type Operation, type Section, acting, listing, showing } from "./operation.ts";
import { FILTERED, idOf, pageOf, stamps, time } from "./shared.ts";

const alert = z.strictObject({
  id: idOf("alr"),
  integration_id: idOf("int"),
  key: z.string(),
  status: z.enum(ALERT_STATUSES),
  ...alertFields,
  dedup_count: z.int(),
  acknowledged_at: z.nullable(time),
  resolved_at: z.nullable(time),
  ...stamps,
}) satisfies z.ZodMiniType<Alert>;

const page = pageOf(alert);
const path = "/api/v1/alerts";
const problems: Operation["problems"] = { 503: "It could not be stored: send it again." };

export const alerts: Section = {
  tag: "alerts",
  requests: {},
  answers: { Alert: alert, AlertList: page },
  operations: [
    listing(page, {
      id: "listAlerts",
      path,
      summary: "List alerts",
      description: `A page may be shorter where descriptions are large. ${FILTERED}`,
      query: { status: { schema: filters.status }, integration_id: { schema: filters.integration_id } },
    }),
    showing(alert, { id: "getAlert", path: `${path}/{id}`, summary: "Show an alert" }),
    acting(null, alert, {
      id: "acknowledgeAlert",
      path: `${path}/{id}/acknowledge`,
      summary: "Acknowledge an alert",
      problems,
    }),
    acting(null, alert, { id: "resolveAlert", path: `${path}/{id}/resolve`, summary: "Resolve an alert", problems }),
  ],
};
