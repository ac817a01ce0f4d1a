import type { RuleSet } from "./rule-set.ts";

/** https://support.uptime.com/hc/en-us/articles/115002560845-Configuring-Custom-Postback-URL-Webhooks */
export const uptimecom: RuleSet = {
  name: "uptimecom",
  title: "Uptime.com",
  category: "uptime",
  vendor_url: "https://support.uptime.com/hc/en-us/articles/115002560845-Configuring-Custom-Postback-URL-Webhooks",
  docs: "docs/sources/uptimecom.md",
  options: {
    rules: [
      {
        match: { "log.data.event": "alert_cleared", "log.data.data.service.id": { $exists: true } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.data.service.id }}" }],
      },
      {
        match: { "log.data.event": "alert_raised", "log.data.data.service.id": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.data.service.id }}",
            title:
              "{{ log.data.data.service.display_name | default: log.data.data.service.name | default: 'A check' }} is {{ log.data.data.alert.state | default: 'down' | downcase }}",
            description: "{{ log.data.data.alert.output | default: log.data.data.alert.short_output }}",
            urgency:
              '{% case log.data.data.alert.state %}{% when "CRITICAL" %}high{% when "WARNING" %}medium{% else %}high{% endcase %}',
            tags: "{{ log.data.data.service.tags | join: ',' }}",
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.data.links.alert_details }}" },
              {
                format: "link",
                label: "Monitored",
                value:
                  "{% if log.data.data.service.msp_address contains '://' %}{{ log.data.data.service.msp_address }}{% endif %}",
              },
              {
                format: "text",
                label: "Check",
                value:
                  "{{ log.data.data.service.monitoring_service_type_display | default: log.data.data.service.monitoring_service_type }}",
              },
              { format: "text", label: "Account", value: "{{ log.data.data.account.name }}" },
              { format: "datetime", label: "At", value: "{{ log.data.data.date }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "event is neither alert_raised nor alert_cleared." }] },
  },
};
