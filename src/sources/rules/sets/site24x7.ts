import type { RuleSet } from "./rule-set.ts";

/** https://www.site24x7.com/help/admin/third-party-integration/webhooks.html */
export const site24x7: RuleSet = {
  name: "site24x7",
  title: "Site24x7",
  category: "uptime",
  vendor_url: "https://www.site24x7.com/help/admin/third-party-integration/webhooks.html",
  docs: "docs/sources/site24x7.md",
  options: {
    rules: [
      {
        match: { "log.data.STATUS": { $in: ["DOWN", "CRITICAL", "TROUBLE"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.MONITOR_ID }}",
            title: "{{ log.data.MONITORNAME | default: 'A monitor' }} is {{ log.data.STATUS | downcase }}",
            description: "{{ log.data.INCIDENT_REASON }}",
            urgency:
              '{% case log.data.STATUS %}{% when "DOWN" %}critical{% when "CRITICAL" %}high{% else %}medium{% endcase %}',
            tags: "{{ log.data.MONITOR_GROUPNAME }}",
            additional_data: [
              { format: "link", label: "Monitor", value: "{{ log.data.MONITOR_DASHBOARD_LINK }}" },
              { format: "link", label: "Monitored", value: "{{ log.data.MONITORURL }}" },
              { format: "link", label: "Root cause", value: "{{ log.data.RCA_LINK }}" },
              { format: "text", label: "Failed locations", value: "{{ log.data.FAILED_LOCATIONS }}" },
              { format: "text", label: "Type", value: "{{ log.data.MONITORTYPE }}" },
              { format: "datetime", label: "Since", value: "{{ log.data.INCIDENT_TIME_ISO }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.STATUS": "UP" },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.MONITOR_ID }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "STATUS is not DOWN, CRITICAL, TROUBLE or UP." }] },
  },
};
