import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY = "{{ log.data.rule_id }}:{{ log.data.alert_id }}";

/** https://www.elastic.co/docs/explore-analyze/alerting/alerts/rule-action-variables */
export const kibana: RuleSet = {
  name: "kibana",
  title: "Elastic (Kibana alerting)",
  category: "logs",
  vendor_url: "https://www.elastic.co/docs/explore-analyze/alerting/alerts/rule-action-variables",
  docs: "docs/sources/kibana.md",
  options: {
    rules: [
      {
        match: { "log.data.rule_id": { $exists: true }, "log.data.action_group": "recovered" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.rule_id": { $exists: true }, "log.data.action_group": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.rule_name | default: 'A rule' }}: {{ log.data.alert_id | default: log.data.action_group }}",
            description: "{{ log.data.reason }}",
            urgency: urgencyFrom("log.data.severity"),
            tags: "{{ log.data.tags }}",
            additional_data: [
              { format: "link", label: "Rule", value: "{{ log.data.rule_url }}" },
              { format: "datetime", label: "At", value: "{{ log.data.date }}" },
              { format: "text", label: "Group", value: "{{ log.data.action_group }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no rule_id and action_group." }] },
  },
};
