import type { RuleSet } from "./rule-set.ts";

// The body has no id of the alert. Its address names it, and is the same for all its states.
const KEY = "{{ log.data.alert_url | default: log.data.alert }}";
const HOST = "host:{{ log.data.host }}";

/** https://learn.netdata.cloud/docs/alerts-&-notifications/notifications/centralized-cloud-notifications/webhook */
export const netdata: RuleSet = {
  name: "netdata",
  title: "Netdata Cloud",
  category: "infrastructure",
  vendor_url:
    "https://learn.netdata.cloud/docs/alerts-&-notifications/notifications/centralized-cloud-notifications/webhook",
  docs: "docs/sources/netdata.md",
  options: {
    rules: [
      {
        match: { "log.data.status.reachable": false },
        actions: [
          {
            type: "create",
            thirdparty_id: HOST,
            title: "{{ log.data.host | default: 'A node' }} is unreachable",
            description: "{{ log.data.message }}",
            urgency: "critical",
            additional_data: [{ format: "link", label: "Node", value: "{{ log.data.url }}" }],
          },
        ],
      },
      {
        match: { "log.data.status.reachable": true },
        actions: [{ type: "resolve", thirdparty_id: HOST }],
      },
      {
        match: { "log.data.alert": { $exists: true }, "log.data.severity": "clear" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.alert": { $exists: true }, "log.data.severity": { $in: ["warning", "critical"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.message | default: log.data.alert | default: 'A chart needs attention' }}",
            description: "{{ log.data.info }}",
            urgency: "{% if log.data.severity == 'critical' %}critical{% else %}medium{% endif %}",
            tags: ["{{ log.data.alert }}", "{{ log.data.space }}", "{{ log.data.class }}"],
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.alert_url }}" },
              { format: "text", label: "Chart", value: "{{ log.data.chart }}" },
              { format: "datetime", label: "At", value: "{{ log.data.date }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body is neither an alert nor about a node." }] },
  },
};
