import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY = "{{ log.data.alert_id }}";

/** https://coralogix.com/docs/user-guides/alerting/outbound-webhooks/generic-outbound-webhooks-alert-webhooks/ */
export const coralogix: RuleSet = {
  name: "coralogix",
  title: "Coralogix",
  category: "logs",
  vendor_url:
    "https://coralogix.com/docs/user-guides/alerting/outbound-webhooks/generic-outbound-webhooks-alert-webhooks/",
  docs: "docs/sources/coralogix.md",
  options: {
    rules: [
      {
        match: {
          "log.data.alert_id": { $exists: true },
          "log.data.alert_action": { $regex: "^resolve", $options: "i" },
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: {
          "log.data.alert_id": { $exists: true },
          "log.data.alert_action": { $regex: "^trigger", $options: "i" },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.name | default: 'Triggered alert' }}{% if log.data.application %} of {{ log.data.application }}{% endif %}",
            description: "{{ log.data.description }}",
            urgency: urgencyFrom("log.data.alert_priority | default: log.data.alert_severity"),
            tags: ["{{ log.data.application }}", "{{ log.data.subsystem }}", "{{ log.data.team }}"],
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.alert_url }}" },
              { format: "link", label: "Logs", value: "{{ log.data.log_url }}" },
              { format: "text", label: "Hits", value: "{{ log.data.hit_count }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "alert_action is neither trigger nor resolve." }] },
  },
};
