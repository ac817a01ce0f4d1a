import type { RuleSet } from "./rule-set.ts";

/** https://support.auvik.com/hc/en-us/articles/360048647112-How-do-I-interpret-webhook-notifications */
export const auvik: RuleSet = {
  name: "auvik",
  title: "Auvik",
  category: "infrastructure",
  vendor_url: "https://support.auvik.com/hc/en-us/articles/360048647112-How-do-I-interpret-webhook-notifications",
  docs: "docs/sources/auvik.md",
  options: {
    rules: [
      {
        match: { "log.data.alertStatusString": "Cleared", "log.data.alertId": { $exists: true } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.alertId }}:{{ log.data.entityId }}" }],
      },
      {
        match: { "log.data.alertStatusString": "Triggered", "log.data.alertId": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.alertId }}:{{ log.data.entityId }}",
            title:
              "{{ log.data.alertName | default: log.data.subject | default: 'An alert' }}{% if log.data.entityName and log.data.entityName != '' %} on {{ log.data.entityName }}{% endif %}",
            description: "{{ log.data.alertDescription }}",
            urgency:
              '{% case log.data.alertSeverityString %}{% when "Emergency" %}critical{% when "Critical" %}high{% when "Warning" %}medium{% when "Info" %}low{% endcase %}',
            tags: ["{{ log.data.companyName }}", "{{ log.data.entityType }}"],
            additional_data: [
              { format: "link", label: "Auvik", value: "{{ log.data.link }}" },
              { format: "text", label: "Subject", value: "{{ log.data.subject }}" },
              { format: "datetime", label: "At", value: "{{ log.data.date }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "alertStatusString is neither Triggered nor Cleared." }] },
  },
};
