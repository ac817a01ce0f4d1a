import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.alert_correlation_id | default: log.data.policy_id | default: log.data.name }}";

/** https://developers.cloudflare.com/notifications/reference/webhook-payload-schema/ */
export const cloudflare: RuleSet = {
  name: "cloudflare",
  title: "Cloudflare notifications",
  category: "cloud",
  vendor_url: "https://developers.cloudflare.com/notifications/reference/webhook-payload-schema/",
  docs: "docs/sources/cloudflare.md",
  recognized_by: {
    "log.data.text": { $regex: "^Hello World! This is a test message sent from https://cloudflare\\.com" },
  },
  options: {
    rules: [
      {
        // Cloudflare sends this when a destination is saved.
        match: { "log.data.text": { $regex: "test message sent from https://cloudflare\\.com" } },
        actions: [{ type: "test", reason: "Cloudflare's test message." }],
      },
      {
        match: { "log.data.alert_event": "ALERT_STATE_EVENT_END" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.alert_type": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              '{{ log.data.policy_name | default: log.data.name | default: "A policy" }}: {{ log.data.alert_type | replace: "_", " " }}',
            description: "{{ log.data.text }}",
            urgency: "high",
            tags: ["{{ log.data.alert_type }}", "{{ log.data.data.zone_name }}"],
            additional_data: [
              {
                format: "link",
                label: "Notifications",
                value:
                  "{% if log.data.account_id %}https://dash.cloudflare.com/{{ log.data.account_id }}/notifications{% endif %}",
              },
              { format: "datetime", label: "At", value: "{{ log.data.ts | date: '%Y-%m-%dT%H:%M:%SZ' }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no alert_type." }] },
  },
};
