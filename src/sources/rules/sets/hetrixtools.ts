import type { RuleSet } from "./rule-set.ts";

/** https://docs.hetrixtools.com/webhook-notifications */
export const hetrixtools: RuleSet = {
  name: "hetrixtools",
  title: "HetrixTools",
  category: "uptime",
  vendor_url: "https://docs.hetrixtools.com/webhook-notifications",
  docs: "docs/sources/hetrixtools.md",
  options: {
    rules: [
      {
        match: { "log.data.monitor_status": "online", "log.data.monitor_id": { $exists: true } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.monitor_id }}" }],
      },
      {
        match: { "log.data.monitor_status": "offline", "log.data.monitor_id": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.monitor_id }}",
            title: "{{ log.data.monitor_name | default: log.data.monitor_target | default: 'A monitor' }} is offline",
            description:
              "{% for error in log.data.monitor_errors %}{{ error[0] }}: {{ error[1] }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
            urgency: "high",
            tags: ["{{ log.data.monitor_category }}"],
            additional_data: [
              {
                format: "link",
                label: "Monitored",
                value: "{% if log.data.monitor_type == 'website' %}{{ log.data.monitor_target }}{% endif %}",
              },
              { format: "text", label: "Target", value: "{{ log.data.monitor_target }}" },
              { format: "text", label: "Type", value: "{{ log.data.monitor_type }}" },
              { format: "datetime", label: "At", value: "{{ log.data.timestamp }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "monitor_status is neither offline nor online." }] },
  },
};
