import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.check.monitorUuid | default: log.data.check.url }}";

/** https://hyperping.com/docs/integrations/webhooks */
export const hyperping: RuleSet = {
  name: "hyperping",
  title: "Hyperping",
  category: "uptime",
  vendor_url: "https://hyperping.com/docs/integrations/webhooks",
  docs: "docs/sources/hyperping.md",
  options: {
    rules: [
      {
        match: { "log.data.event": "check.down" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.check.name | default: log.data.check.url | default: 'A monitor' }} is down",
            description:
              "{% for ping in log.data.pings %}{{ ping.location }}: {{ ping.status }} {{ ping.statusMessage }}\n{% endfor %}",
            urgency: "high",
            additional_data: [
              { format: "link", label: "Monitored", value: "{{ log.data.check.url }}" },
              { format: "text", label: "Status", value: "{{ log.data.check.status }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.event": "check.up" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "event is neither check.down nor check.up." }] },
  },
};
