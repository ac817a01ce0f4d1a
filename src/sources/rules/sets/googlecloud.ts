import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

/** Schema 1.2: https://cloud.google.com/monitoring/support/notification-options#webhooks */
export const googlecloud: RuleSet = {
  name: "googlecloud",
  title: "Google Cloud Monitoring",
  category: "cloud",
  vendor_url: "https://cloud.google.com/monitoring/support/notification-options",
  docs: "docs/sources/googlecloud.md",
  options: {
    rules: [
      {
        match: { "log.data.version": "test" },
        actions: [{ type: "test", reason: "Google Cloud's test notification." }],
      },
      {
        match: { "log.data.incident.state": { $regex: "^open$", $options: "i" } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.incident.incident_id }}",
            title:
              "{{ log.data.incident.policy_name | default: log.data.incident.summary | default: 'Incident of Google Cloud' }}{% if log.data.incident.condition_name %}: {{ log.data.incident.condition_name }}{% endif %}",
            description:
              "{{ log.data.incident.summary }}{% if log.data.incident.documentation.content %}\n\n{{ log.data.incident.documentation.content }}{% endif %}",
            urgency: urgencyFrom("log.data.incident.severity"),
            tags: '{% for label in log.data.incident.policy_user_labels %}{{ label[0] }}:{{ label[1] | replace: ",", ";" }},{% endfor %}',
            additional_data: [
              { format: "link", label: "Incident", value: "{{ log.data.incident.url }}" },
              { format: "text", label: "Resource", value: "{{ log.data.incident.resource_name }}" },
              { format: "text", label: "Project", value: "{{ log.data.incident.scoping_project_id }}" },
              { format: "text", label: "Metric", value: "{{ log.data.incident.metric.displayName }}" },
              { format: "text", label: "Observed value", value: "{{ log.data.incident.observed_value }}" },
              { format: "text", label: "Threshold", value: "{{ log.data.incident.threshold_value }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.incident.state": { $regex: "^acknowledged$", $options: "i" } },
        actions: [{ type: "acknowledge", thirdparty_id: "{{ log.data.incident.incident_id }}" }],
      },
      {
        match: { "log.data.incident.state": { $regex: "^closed$", $options: "i" } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.incident.incident_id }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The incident is neither open nor closed." }] },
  },
};
