import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY = "{{ log.data.id | default: log.data.issueId | default: log.data.incident_id }}";

/**
 * The default template of a workflow's webhook, and the older notification channels' body.
 * https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/#webhook
 */
export const newrelic: RuleSet = {
  name: "newrelic",
  title: "New Relic",
  category: "monitoring",
  vendor_url: "https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/",
  docs: "docs/sources/newrelic.md",
  options: {
    rules: [
      {
        // The made-up issue of New Relic's "send test notification".
        match: {
          $or: [{ "log.data.id": "d1b1f3fd-995a-4066-88ab-8ce4f6960654" }, { "log.data.current_state": "test" }],
        },
        actions: [{ type: "test", reason: "New Relic's test notification." }],
      },
      {
        match: {
          $or: [
            { "log.data.state": { $regex: "^(closed|resolved)$", $options: "i" } },
            { "log.data.current_state": { $regex: "^closed$", $options: "i" } },
          ],
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: {
          $or: [
            { "log.data.trigger": { $regex: "^acknowledge", $options: "i" } },
            { "log.data.state": { $regex: "^acknowledged$", $options: "i" } },
            { "log.data.current_state": { $regex: "^acknowledged$", $options: "i" } },
          ],
        },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: {
          $or: [
            { "log.data.state": { $regex: "^(created|activated)$", $options: "i" } },
            { "log.data.current_state": { $regex: "^open$", $options: "i" } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.title | default: log.data.condition_name | default: 'Issue of New Relic' }}",
            description:
              '{{ log.data.details }}{% if log.data.impactedEntities[0] %}Impacted: {{ log.data.impactedEntities | join: ", " }}{% endif %}',
            urgency: urgencyFrom("log.data.priority | default: log.data.severity"),
            tags: '{{ log.data.impactedEntities | join: "," }}',
            additional_data: [
              { format: "link", label: "Issue", value: "{{ log.data.issueUrl | default: log.data.incident_url }}" },
              { format: "link", label: "Runbook", value: "{{ log.data.runbook_url }}" },
              {
                format: "text",
                label: "Policy",
                value: '{{ log.data.alertPolicyNames | default: log.data.policy_name | join: ", " }}',
              },
              {
                format: "text",
                label: "Condition",
                value: '{{ log.data.alertConditionNames | default: log.data.condition_name | join: ", " }}',
              },
              { format: "text", label: "Workflow", value: "{{ log.data.workflowName }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The issue's state is not one that is known." }] },
  },
};
