import type { RuleSet } from "./rule-set.ts";

/** https://support.statusgator.com/support/solutions/articles/47001278989-webhook-version-3-0 */
export const statusgator: RuleSet = {
  name: "statusgator",
  title: "StatusGator",
  category: "incidents",
  vendor_url: "https://support.statusgator.com/support/solutions/articles/47001278989-webhook-version-3-0",
  docs: "docs/sources/statusgator.md",
  options: {
    rules: [
      {
        match: { "log.data.type": "StatusChange", "log.data.status": { $in: ["down", "warn"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.monitor.id | default: log.data.service.id }}",
            title:
              "{{ log.data.monitor.display_name | default: log.data.service.name | default: 'A service' }} is {{ log.data.status }}{% if log.data.message and log.data.message != '' %}: {{ log.data.message }}{% endif %}",
            description: "{{ log.data.details }}",
            urgency: '{% case log.data.status %}{% when "down" %}high{% when "warn" %}medium{% endcase %}',
            tags: ["{{ log.data.board.name }}"],
            additional_data: [
              { format: "link", label: "Status page", value: "{{ log.data.service.status_page_url }}" },
              { format: "link", label: "StatusGator", value: "{{ log.data.service.landing_page_url }}" },
              {
                format: "text",
                label: "Components",
                value: "{{ log.data.component_status_changes | map: 'name' | join: ', ' }}",
              },
              { format: "datetime", label: "At", value: "{{ log.data.recorded_at }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.type": "StatusChange", "log.data.status": "up" },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.monitor.id | default: log.data.service.id }}" }],
      },
      { match: { "log.data.type": { $in: ["StatusChange", "EarlyWarningSignal"] } }, actions: [{ type: "receive" }] },
      {
        match: { "log.data.current_status": { $in: ["down", "warn"] }, "log.data.service_name": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.slug | default: log.data.service_name }}",
            title:
              "{{ log.data.service_name | default: 'A service' }} is {{ log.data.current_status }}{% if log.data.message and log.data.message != '' %}: {{ log.data.message }}{% endif %}",
            description: "{{ log.data.details }}",
            urgency: '{% case log.data.current_status %}{% when "down" %}high{% when "warn" %}medium{% endcase %}',
            additional_data: [
              { format: "link", label: "Status page", value: "{{ log.data.status_page_url }}" },
              { format: "datetime", label: "At", value: "{{ log.data.occurred_at }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.current_status": "up", "log.data.service_name": { $exists: true } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.slug | default: log.data.service_name }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is no change of a status." }] },
  },
};
