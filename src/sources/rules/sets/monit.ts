import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.host }}/{{ log.data.service }}";

/** https://mmonit.com/monit/documentation/monit.html */
export const monit: RuleSet = {
  name: "monit",
  title: "Monit",
  category: "infrastructure",
  vendor_url: "https://mmonit.com/monit/documentation/monit.html#EXEC",
  docs: "docs/sources/monit.md",
  options: {
    rules: [
      {
        match: { "log.data.service": { $exists: true }, "log.data.state": "succeeded" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.service": { $exists: true }, "log.data.state": "failed" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.service | default: 'A service' }} on {{ log.data.host | default: 'a host' }}: {{ log.data.event | default: 'failed' }}",
            description: "{{ log.data.description }}",
            urgency: "high",
            tags: ["{{ log.data.host }}"],
            additional_data: [{ format: "text", label: "At", value: "{{ log.data.date }}" }],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "state is neither failed nor succeeded." }] },
  },
};
