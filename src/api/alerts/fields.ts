import * as z from "zod/mini";
import { ALERT_STATUSES, DATUM_FORMATS, INCIDENT_SEVERITIES, URGENCIES } from "../../model/alert.ts";
import { pageOf } from "../paging.ts";
import { anyJson, answerSchema, idOf, jsonMap, stamps, time } from "../schema.ts";

/** The fields of an alert that its sender sets. */
export const senderFields = {
  title: z.string(),
  description: z.string(),
  urgency: z.nullable(z.enum(URGENCIES)),
  tags: z.array(z.string()),
  meta: jsonMap,
  incident: z.nullable(z.strictObject({ severity: z.enum(INCIDENT_SEVERITIES), message: z.string() })),
  additional_data: z.array(z.strictObject({ format: z.enum(DATUM_FORMATS), label: z.string(), value: anyJson })),
};

export const alert = answerSchema(
  "Alert",
  z.strictObject({
    id: idOf("alr"),
    integration_id: idOf("int"),
    key: z.string(),
    status: z.enum(ALERT_STATUSES),
    ...senderFields,
    dedup_count: z.int(),
    acknowledged_at: z.nullable(time),
    resolved_at: z.nullable(time),
    ...stamps,
  }),
);
/** An alert by itself, with what lists do not read. */
export const alertDetails = answerSchema(
  "AlertDetails",
  z.extend(alert, {
    captured: z
      .array(z.strictObject({ destination_id: idOf("dst"), values: z.record(z.string(), z.string()) }))
      .check(z.describe("What destinations responded about the alert and later requests use.")),
  }),
);
export const alertList = pageOf("AlertList", alert);
