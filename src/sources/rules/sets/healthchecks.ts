import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.code | default: log.data.incident_key }}";

/**
 * The body of the docs page, and that of Healthchecks' own PagerTree channel.
 * https://healthchecks.io/docs/configuring_notifications/
 */
export const healthchecks: RuleSet = {
  name: "healthchecks",
  title: "Healthchecks",
  category: "jobs",
  vendor_url: "https://healthchecks.io/docs/configuring_notifications/",
  docs: "docs/sources/healthchecks.md",
  options: {
    rules: [
      {
        match: { "log.data.name": "TEST" },
        actions: [{ type: "test", reason: "Healthchecks' test notification." }],
      },
      {
        match: { $or: [{ "log.data.status": "down" }, { "log.data.event_type": "trigger" }] },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.title | default: log.data.name | default: 'A check' }}{% unless log.data.title %} is down{% endunless %}",
            description: "{{ log.data.description }}",
            urgency: "high",
            tags: '{{ log.data.tags | split: " " | join: "," }}',
            additional_data: [
              { format: "link", label: "Check", value: "{{ log.data.url | default: log.data.client_url }}" },
              { format: "text", label: "Exit status", value: "{{ log.data.exit_status }}" },
              { format: "datetime", label: "Sent at", value: "{{ log.data.now }}" },
            ],
          },
        ],
      },
      {
        match: { $or: [{ "log.data.status": "up" }, { "log.data.event_type": "resolve" }] },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "status is neither down nor up." }] },
  },
};
