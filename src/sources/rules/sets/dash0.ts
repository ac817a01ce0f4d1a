import type { RuleSet } from "./rule-set.ts";

/** https://www.dash0.com/hub/integrations/int_alerting_webhook/overview */
export const dash0: RuleSet = {
  name: "dash0",
  title: "Dash0",
  category: "monitoring",
  vendor_url: "https://www.dash0.com/hub/integrations/int_alerting_webhook/overview",
  docs: "docs/sources/dash0.md",
  options: {
    rules: [
      {
        match: {
          "log.data.type": { $in: ["alert.resolved", "alert.closed"] },
          "log.data.data.issue.issueIdentifier": { $exists: true },
        },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.data.issue.issueIdentifier }}" }],
      },
      {
        match: { "log.data.type": "alert.ongoing", "log.data.data.issue.issueIdentifier": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.data.issue.issueIdentifier }}",
            title:
              "{{ log.data.data.issue.summary | default: log.data.data.issue.checkrules[0].name | default: log.data.data.issue.issueIdentifier }}",
            description: "{{ log.data.data.issue.description }}",
            urgency:
              '{% case log.data.data.issue.status %}{% when "critical" %}critical{% when "degraded" %}medium{% endcase %}',
            tags: "{% for label in log.data.data.issue.labels %}{{ label.key }}:{{ label.value.stringValue | replace: ',', ';' }},{% endfor %}",
            additional_data: [
              { format: "link", label: "Issue", value: "{{ log.data.data.issue.url }}" },
              { format: "link", label: "Check rule", value: "{{ log.data.data.issue.checkrules[0].url }}" },
              { format: "text", label: "Dataset", value: "{{ log.data.data.issue.dataset }}" },
              { format: "datetime", label: "Since", value: "{{ log.data.data.issue.start }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.type": "alert.superseded", "log.data.data.issue.issueIdentifier": { $exists: true } },
        actions: [{ type: "receive", reason: "Another issue took its place." }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "type is not one of Dash0's alerts." }] },
  },
};
