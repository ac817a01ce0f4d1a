import * as z from "zod/mini";
import type { Urgency } from "../../model/alert.ts";
import { type Preset, json, shortText } from "./preset.ts";
import type { Step, Story } from "./message.ts";
import { clean, fit } from "./text.ts";

// An event may have 512 KB.
const MAX_PAYLOAD_BYTES = 300_000;
const MAX_SUMMARY = 1_024;
const MAX_DESCRIPTION = 20_000;

const ACTIONS = {
  open: "trigger",
  acknowledge: "acknowledge",
  resolve: "resolve",
} as const satisfies Record<Step, string>;

const SEVERITIES = {
  critical: "critical",
  high: "error",
  medium: "warning",
  low: "info",
} as const satisfies Record<Urgency, string>;

function severityOf({ type, urgency }: Story): string {
  if (urgency !== null) return SEVERITIES[urgency];
  return type === "test" || type === "event.received" ? "info" : "warning";
}

/** The payload where it is not too large for an event. */
function payloadOf({ payload }: Story): object {
  if (payload === undefined) return {};
  const size = new TextEncoder().encode(JSON.stringify(payload)).byteLength;
  return size > MAX_PAYLOAD_BYTES ? { payload_left_out: `${size} bytes` } : { payload };
}

/** An event for PagerDuty's Events API v2. */
export const pagerduty: Preset = {
  options: {
    routing_key: {
      schema: () => z.string().check(z.regex(/^[\w-]{16,128}$/, "has to be an integration key: letters and digits")),
      required: true,
      secret: true,
    },
    source: { schema: () => shortText(255), required: false, secret: false },
  },
  render(story, options) {
    const { alert, event_id, link, title } = story;
    return json({
      routing_key: options["routing_key"] ?? "",
      event_action: ACTIONS[story.step],
      dedup_key: story.dedup_key,
      client: "Hookgate",
      payload: {
        summary: fit(title, MAX_SUMMARY),
        severity: severityOf(story),
        source: options["source"] ?? story.source,
        timestamp: story.timestamp,
        custom_details: {
          type: story.type,
          event_id,
          from: story.source,
          ...(story.description === "" ? {} : { description: fit(story.description, MAX_DESCRIPTION) }),
          ...(alert === null ? {} : { alert_id: alert.id, key: fit(clean(alert.key), MAX_SUMMARY) }),
          ...Object.fromEntries(story.facts.map(({ label, text }) => [`fact ${label}`, text])),
          ...payloadOf(story),
        },
      },
      ...(link === null ? {} : { links: [{ href: link.href, text: `Open on ${link.host}` }] }),
    });
  },
};
