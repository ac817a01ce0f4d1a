import * as z from "zod/mini";
import { LINK, MAIL, ONLY_CREATED, type Vendor, WITHOUT_ACKNOWLEDGED, bytesUpTo, oneOf, upTo } from "./vendor.ts";
import { LINKS } from "./tickets.ts";

const KEY = upTo(255);

/** Products for incidents and on-call. */
export const INCIDENTS = {
  "incident-io": {
    url: /^https:\/\/api\.incident\.io\/v2\/alert_events\/http\/\w{26}$/,
    moments: WITHOUT_ACKNOWLEDGED,
    body: z.strictObject({
      title: upTo(1_000),
      description: z.optional(upTo(100_000)),
      status: oneOf("firing", "resolved"),
      deduplication_key: KEY,
      source_url: z.optional(LINK),
      metadata: z.record(z.string(), z.unknown()),
    }),
    markup: { description: "markdown" },
    max_bytes: 500_000,
    cut: { title: 500, description: 20_000 },
  },
  rootly: {
    url: /^https:\/\/webhooks\.rootly\.com\/webhooks\/incoming\/generic_webhooks$/,
    // The fields are those that the page maps.
    body: z.strictObject({
      title: upTo(500),
      description: z.optional(upTo(20_000)),
      status: oneOf("open", "acknowledged", "resolved"),
      dedup_key: KEY,
      link: z.optional(LINK),
      urgency: z.string(),
      event_id: z.string(),
      facts: z.record(z.string(), z.string()),
    }),
    cut: { title: 500, description: 20_000 },
  },
  firehydrant: {
    url: /^https:\/\/signals\.firehydrant\.com\/v1\/process\/\w+$/,
    moments: WITHOUT_ACKNOWLEDGED,
    body: z.strictObject({
      summary: upTo(255),
      body: upTo(100_000),
      level: oneOf("INFO", "WARN", "ERROR", "FATAL"),
      status: oneOf("OPEN", "CLOSED"),
      idempotency_key: KEY,
      tags: z.array(z.string()),
      links: LINKS,
    }),
    cut: { summary: 255, body: 20_000 },
  },
  "better-stack": {
    url: /^https:\/\/uptime\.betterstack\.com\/api\/v3\/incidents$/,
    moments: ONLY_CREATED,
    body: z.strictObject({ requester_email: MAIL, name: upTo(255), summary: upTo(255), description: upTo(65_535) }),
    cut: { summary: 255, description: 20_000 },
  },
  "splunk-on-call": {
    url: /^https:\/\/alert\.victorops\.com\/integrations\/generic\/20131114\/alert\/\w+$/,
    body: z.strictObject({
      message_type: oneOf("CRITICAL", "WARNING", "INFO", "ACKNOWLEDGEMENT", "RECOVERY"),
      entity_id: upTo(512),
      entity_display_name: upTo(1_000),
      state_message: upTo(20_480),
      state_start_time: z.int(),
      monitoring_tool: z.string(),
    }),
    cut: { entity_display_name: 500, state_message: 20_480 },
  },
  "grafana-oncall": {
    url: /^https:\/\/oncall-prod-us-central-0\.grafana\.net\/oncall\/integrations\/v1\/formatted_webhook\/\w+$/,
    moments: WITHOUT_ACKNOWLEDGED,
    body: z.strictObject({
      alert_uid: KEY,
      title: upTo(1_000),
      message: upTo(100_000),
      state: oneOf("ok", "alerting"),
      link_to_upstream_details: z.optional(LINK),
    }),
    cut: { title: 500, message: 10_000 },
  },
  squadcast: {
    url: /^https:\/\/api\.squadcast\.com\/v2\/incidents\/api\/\w+$/,
    moments: WITHOUT_ACKNOWLEDGED,
    body: z.union([
      z.strictObject({
        message: bytesUpTo(1_000),
        description: bytesUpTo(30_000),
        status: z.literal("trigger"),
        event_id: KEY,
        tags: z.record(z.string(), z.string()),
      }),
      z.strictObject({ status: z.literal("resolve"), event_id: KEY }),
    ]),
    max_bytes: 30_000,
    cut: { message: 1_000, description: 10_000 },
    unit: "bytes",
  },
  zenduty: {
    url: /^https:\/\/events\.zenduty\.com\/integration\/\w+$/,
    body: z.strictObject({
      alert_type: oneOf("critical", "acknowledged", "resolved", "error", "warning", "info"),
      message: upTo(255),
      summary: upTo(100_000),
      entity_id: KEY,
      payload: z.record(z.string(), z.string()),
      urls: z.optional(z.array(z.strictObject({ link_url: LINK, link_text: z.string() }))),
    }),
    cut: { message: 255, summary: 10_000 },
  },
  xmatters: {
    url: /^https:\/\/example\.xmatters\.com\/api\/integration\/1\/functions\/\w+$/,
    body: z.strictObject({
      properties: z.record(z.string(), upTo(20_000)),
      recipients: z.optional(z.array(z.strictObject({ id: z.string() })).check(z.minLength(1))),
      priority: oneOf("HIGH", "MEDIUM", "LOW"),
    }),
    cut: { "properties.title": 500, "properties.description": 10_000 },
  },
  ilert: {
    url: /^https:\/\/api\.ilert\.com\/api\/events$/,
    body: z.strictObject({
      integrationKey: z.string().check(z.regex(/^il1api\w+$/)),
      eventType: oneOf("ALERT", "ACCEPT", "RESOLVE"),
      summary: upTo(255),
      details: upTo(16_000),
      alertKey: KEY,
      priority: oneOf("HIGH", "LOW"),
      links: LINKS,
    }),
    cut: { summary: 255, details: 10_000 },
  },
} as const satisfies Record<string, Vendor>;
