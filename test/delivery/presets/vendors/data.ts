import * as z from "zod/mini";
import { LINK, type Vendor, bytesUpTo, oneOf, upTo } from "./vendor.ts";

const attribute = bytesUpTo(4_096);
const automation = z.strictObject({
  type: z.string(),
  headline: z.string(),
  title: upTo(1_000),
  description: z.string(),
  step: oneOf("open", "acknowledge", "resolve"),
  urgency: z.string(),
  link: z.union([LINK, z.literal("")]),
  tags: z.array(z.string()),
  facts: z.record(z.string(), z.string()),
  key: z.string(),
  source: z.string(),
  event_id: z.string(),
  time: z.iso.datetime(),
  time_ms: z.int(),
  envelope: z.looseObject({ type: z.string(), timestamp: z.string() }),
});
const line = z.string().check(
  z.maxLength(262_144),
  z.refine((text) => typeof JSON.parse(text) === "object"),
);

/** Products for events and logs, and for automation. */
export const DATA = {
  "datadog-events": {
    url: /^https:\/\/api\.datadoghq\.com\/api\/v1\/events$/,
    headers: { "dd-api-key": /^[0-9a-f]{32}$/ },
    body: z.strictObject({
      title: upTo(100),
      text: upTo(4_000),
      alert_type: oneOf("error", "warning", "info", "success"),
      priority: oneOf("normal", "low"),
      aggregation_key: upTo(100),
      date_happened: z.int().check(z.minimum(1_000_000_000), z.maximum(9_999_999_999)),
      tags: z.array(z.string().check(z.regex(/^[\p{L}\p{N}_.:/-]{1,200}$/u))),
    }),
    markup: { text: "mentions" },
    cut: { title: 100, text: 4_000 },
  },
  "new-relic-events": {
    url: /^https:\/\/insights-collector\.newrelic\.com\/v1\/accounts\/\d+\/events$/,
    headers: { "api-key": /^\w{40}$/ },
    body: z
      .array(
        z.catchall(
          z.object({ eventType: z.string().check(z.regex(/^[\w:]{1,255}$/)), timestamp: z.int() }),
          z.union([attribute, z.number()]),
        ),
      )
      .check(z.minLength(1), z.maxLength(2_000)),
    max_bytes: 1_000_000,
    cut: {},
  },
  elastic: {
    method: "PUT",
    url: /^https:\/\/example\.es\.us-east-1\.aws\.elastic\.cloud\/hookgate\/_doc\/\w{1,512}$/,
    headers: { authorization: /^ApiKey [\w=+/]+$/ },
    body: z.strictObject({
      "@timestamp": z.iso.datetime(),
      message: upTo(32_766),
      event: z.strictObject({
        kind: oneOf("alert", "event"),
        action: z.string(),
        id: z.string(),
        severity: z.int(),
        url: z.optional(LINK),
        // A keyword has at most 32,766 bytes.
        reason: z.optional(bytesUpTo(32_766)),
      }),
      tags: z.array(upTo(8_000)),
      labels: z.record(z.string(), upTo(8_000)),
    }),
    cut: {},
  },
  loki: {
    url: /^https:\/\/logs-prod-012\.grafana\.net\/loki\/api\/v1\/push$/,
    body: z.strictObject({
      streams: z
        .array(
          z.strictObject({
            stream: z.record(z.string().check(z.regex(/^[a-zA-Z_]\w*$/)), upTo(2_048)),
            values: z.array(z.tuple([z.string().check(z.regex(/^\d{19}$/)), line])).check(z.minLength(1)),
          }),
        )
        .check(z.minLength(1)),
    }),
    cut: {},
  },
  "splunk-hec": {
    url: /^https:\/\/http-inputs-example\.splunkcloud\.com\/services\/collector\/event$/,
    headers: { authorization: /^Splunk [\w-]{36}$/ },
    body: z.strictObject({
      time: z.number(),
      source: z.string(),
      sourcetype: z.string(),
      index: z.optional(z.string()),
      event: z.looseObject({ type: z.string() }),
    }),
    cut: {},
  },
  n8n: { url: /^https:\/\/n8n\.example\.com\/webhook\/\w+$/, body: automation, cut: {} },
  make: {
    url: /^https:\/\/hook\.eu1\.make\.com\/\w+$/,
    headers: { "x-make-apikey": /^\w+$/ },
    body: automation,
    max_bytes: 5_000_000,
    cut: {},
  },
} as const satisfies Record<string, Vendor>;
