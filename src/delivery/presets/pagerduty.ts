import * as z from "zod/mini";
import type { Urgency } from "../../model/alert.ts";
import { type Preset, json, shortText } from "./preset.ts";
import type { IncidentStep, NotificationContent } from "./notification-content.ts";
import { clean, fit } from "./text.ts";

// PagerDuty takes events of at most 512 KB.
const MAX_PAYLOAD_BYTES = 300_000;
const MAX_SUMMARY = 1_024;
const MAX_DESCRIPTION = 20_000;

const ACTIONS = {
  open: "trigger",
  acknowledge: "acknowledge",
  resolve: "resolve",
} as const satisfies Record<IncidentStep, string>;

const SEVERITIES = {
  critical: "critical",
  high: "error",
  medium: "warning",
  low: "info",
} as const satisfies Record<Urgency, string>;

function severityOf({ type, urgency }: NotificationContent): string {
  if (urgency !== null) return SEVERITIES[urgency];
  return type === "test" || type === "event.received" ? "info" : "warning";
}

/** Returns the payload, or its size if it is too large for an event. */
function payloadOf({ payload }: NotificationContent): object {
  if (payload === undefined) return {};
  const size = new TextEncoder().encode(JSON.stringify(payload)).byteLength;
  return size > MAX_PAYLOAD_BYTES ? { payload_left_out: `${size} bytes` } : { payload };
}

/** An event of PagerDuty's Events API v2. */
export const pagerduty: Preset = {
  title: "PagerDuty",
  category: "incidents",
  summary: "Triggers, acknowledges and resolves incidents.",
  options: {
    routing_key: {
      schema: () => z.string().check(z.regex(/^[\w-]{16,128}$/, "must be an integration key: letters and digits")),
      required: true,
      secret: true,
    },
    source: { schema: () => shortText(255), required: false, secret: false },
  },
  render(content, options) {
    const { alert, event_id, link, title } = content;
    return json({
      routing_key: options["routing_key"] ?? "",
      event_action: ACTIONS[content.step],
      dedup_key: content.dedup_key,
      client: "Hookgate",
      payload: {
        summary: fit(title, MAX_SUMMARY),
        severity: severityOf(content),
        source: options["source"] ?? content.source,
        timestamp: content.timestamp,
        custom_details: {
          type: content.type,
          event_id,
          from: content.source,
          ...(content.description === "" ? {} : { description: fit(content.description, MAX_DESCRIPTION) }),
          ...(alert === null ? {} : { alert_id: alert.id, key: fit(clean(alert.key), MAX_SUMMARY) }),
          ...Object.fromEntries(content.facts.map(({ label, text }) => [`fact ${label}`, text])),
          ...payloadOf(content),
        },
      },
      ...(link === null ? {} : { links: [{ href: link.href, text: `Open on ${link.host}` }] }),
    });
  },
};
