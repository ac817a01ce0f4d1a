import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.group }}/{{ log.data.name }}";

/** https://github.com/TwiN/gatus#configuring-custom-alerts */
export const gatus: RuleSet = {
  name: "gatus",
  title: "Gatus",
  category: "uptime",
  vendor_url: "https://github.com/TwiN/gatus#configuring-custom-alerts",
  docs: "docs/sources/gatus.md",
  options: {
    rules: [
      {
        match: { "log.data.name": { $exists: true }, "log.data.status": "RESOLVED" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.name": { $exists: true }, "log.data.status": "TRIGGERED" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.name | default: 'An endpoint' }} is unhealthy{% if log.data.group and log.data.group != '' %} ({{ log.data.group }}){% endif %}",
            description:
              "{{ log.data.description }}{% if log.data.errors and log.data.errors != '' %}: {{ log.data.errors }}{% endif %}",
            urgency: "high",
            tags: ["{{ log.data.group }}"],
            additional_data: [{ format: "link", label: "Monitored", value: "{{ log.data.url }}" }],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "status is neither TRIGGERED nor RESOLVED." }] },
  },
};
