import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

/**
 * Internal integrations (metric alerts, issue alerts, issues, errors) and the older WebHooks plugin.
 * https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
 */
export const sentry: RuleSet = {
  name: "sentry",
  title: "Sentry",
  category: "errors",
  vendor_url: "https://docs.sentry.io/organization/integrations/integration-platform/webhooks/",
  docs: "docs/sources/sentry.md",
  recognized_by: {
    $or: [
      { "log.headers.sentry-hook-resource": { $exists: true } },
      { "log.data.installation.uuid": { $exists: true }, "log.data.actor.type": { $exists: true } },
    ],
  },
  options: {
    rules: [
      {
        match: { "log.data.data.metric_alert": { $exists: true }, "log.data.action": { $in: ["critical", "warning"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "metric_alert:{{ log.data.data.metric_alert.id }}",
            title:
              "{{ log.data.data.description_title | default: log.data.data.metric_alert.title | default: 'Metric alert' }}",
            description: "{{ log.data.data.description_text }}",
            urgency: "{% if log.data.action == 'critical' %}critical{% else %}medium{% endif %}",
            tags: '{{ log.data.data.metric_alert.projects | join: "," }}',
            additional_data: [{ format: "link", label: "Alert", value: "{{ log.data.data.web_url }}" }],
          },
        ],
      },
      {
        match: { "log.data.data.metric_alert": { $exists: true }, "log.data.action": "resolved" },
        actions: [{ type: "resolve", thirdparty_id: "metric_alert:{{ log.data.data.metric_alert.id }}" }],
      },
      {
        match: { "log.data.data.event.tags": ["sample_event", "yes"] },
        actions: [{ type: "test", reason: "Sentry's sample event." }],
      },
      {
        match: { "log.data.data.event": { $exists: true }, "log.data.action": "triggered" },
        actions: [
          {
            type: "create",
            thirdparty_id: "issue:{{ log.data.data.event.issue_id }}",
            title:
              "{{ log.data.data.event.title | default: log.data.data.event.message | default: 'Event of Sentry' }}",
            description: "{{ log.data.data.event.message }}",
            urgency: urgencyFrom("log.data.data.event.level"),
            tags: '{% for tag in log.data.data.event.tags %}{{ tag[0] }}:{{ tag[1] | replace: ",", ";" }},{% endfor %}',
            additional_data: [
              { format: "link", label: "Event", value: "{{ log.data.data.event.web_url }}" },
              { format: "text", label: "Rule", value: "{{ log.data.data.triggered_rule }}" },
              { format: "text", label: "Culprit", value: "{{ log.data.data.event.culprit }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.data.issue": { $exists: true }, "log.data.action": { $in: ["created", "unresolved"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "issue:{{ log.data.data.issue.id }}",
            title: "{{ log.data.data.issue.title | default: 'Issue of Sentry' }}",
            description: "{{ log.data.data.issue.metadata.value }}",
            urgency: urgencyFrom("log.data.data.issue.level"),
            tags: "{{ log.data.data.issue.project.slug }}",
            additional_data: [
              {
                format: "link",
                label: "Issue",
                value: "{{ log.data.data.issue.web_url | default: log.data.data.issue.permalink }}",
              },
              { format: "text", label: "Culprit", value: "{{ log.data.data.issue.culprit }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.data.issue": { $exists: true }, "log.data.action": "assigned" },
        actions: [{ type: "acknowledge", thirdparty_id: "issue:{{ log.data.data.issue.id }}" }],
      },
      {
        match: {
          "log.data.data.issue": { $exists: true },
          "log.data.action": { $in: ["resolved", "archived", "ignored"] },
        },
        actions: [{ type: "resolve", thirdparty_id: "issue:{{ log.data.data.issue.id }}" }],
      },
      {
        match: { "log.data.data.error": { $exists: true }, "log.data.action": "created" },
        actions: [
          {
            type: "create",
            thirdparty_id: "issue:{{ log.data.data.error.issue_id }}",
            title: "{{ log.data.data.error.title | default: 'Error of Sentry' }}",
            urgency: urgencyFrom("log.data.data.error.level"),
            additional_data: [{ format: "link", label: "Event", value: "{{ log.data.data.error.web_url }}" }],
          },
        ],
      },
      {
        // The WebHooks plugin sends no action, only events.
        match: { "log.data.event": { $exists: true }, "log.data.project": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "issue:{{ log.data.id }}",
            title: "{{ log.data.event.title | default: log.data.message | default: 'Event of Sentry' }}",
            description: "{{ log.data.culprit }}",
            urgency: urgencyFrom("log.data.level"),
            tags: "{{ log.data.project_name }}",
            additional_data: [{ format: "link", label: "Issue", value: "{{ log.data.url }}" }],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "A resource or an action that concerns no alert." }] },
  },
};
