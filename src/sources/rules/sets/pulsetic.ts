import type { RuleSet } from "./rule-set.ts";

const LINKS = [
  {
    format: "link",
    label: "Monitor",
    value:
      "{% if log.data.monitor.id %}https://app.pulsetic.com/monitors/{{ log.data.monitor.id }}/overview{% endif %}",
  },
  { format: "link", label: "Monitored", value: "{{ log.data.monitor.url }}" },
] as const;

/** https://pulsetic.com */
export const pulsetic: RuleSet = {
  name: "pulsetic",
  title: "Pulsetic",
  category: "uptime",
  vendor_url: "https://pulsetic.com/",
  docs: "docs/sources/pulsetic.md",
  options: {
    rules: [
      {
        match: { "log.data.alert_type": "monitor_offline" },
        actions: [
          {
            type: "create",
            thirdparty_id: "monitor:{{ log.data.monitor.id }}",
            title: "{{ log.data.monitor.name | default: log.data.monitor.url | default: 'A monitor' }} is offline",
            urgency: "high",
            additional_data: [...LINKS],
          },
        ],
      },
      {
        match: { "log.data.alert_type": "monitor_online" },
        actions: [{ type: "resolve", thirdparty_id: "monitor:{{ log.data.monitor.id }}" }],
      },
      {
        match: { "log.data.alert_type": "certificate_expires_soon" },
        actions: [
          {
            type: "create",
            thirdparty_id: "certificate:{{ log.data.monitor.id }}",
            title:
              "The certificate of {{ log.data.monitor.url | default: 'a monitor' }} expires {% if log.data.days_left %}in {{ log.data.days_left }} days{% else %}soon{% endif %}",
            urgency: "medium",
            additional_data: [...LINKS],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "alert_type is not one that opens or closes an alert." }] },
  },
};
