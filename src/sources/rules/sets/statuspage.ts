import type { RuleSet } from "./rule-set.ts";

const INCIDENT = "{{ log.data.incident.id }}";
const COMPONENT = "component:{{ log.data.component.id }}";
const IMPACT =
  '{% case log.data.incident.impact %}{% when "critical" %}critical{% when "major" %}high{% when "minor" %}medium{% when "none", "maintenance" %}low{% endcase %}';
const STATUS =
  '{% case log.data.component.status %}{% when "major_outage" %}critical{% when "partial_outage" %}high{% when "degraded_performance" %}medium{% when "under_maintenance" %}low{% endcase %}';

/** https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/ */
export const statuspage: RuleSet = {
  name: "statuspage",
  title: "Statuspage",
  category: "incidents",
  vendor_url: "https://support.atlassian.com/statuspage/docs/enable-webhook-notifications/",
  docs: "docs/sources/statuspage.md",
  options: {
    rules: [
      {
        match: { "log.data.incident.status": { $in: ["resolved", "postmortem", "completed"] } },
        actions: [{ type: "resolve", thirdparty_id: INCIDENT }],
      },
      {
        match: { "log.data.incident.id": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: INCIDENT,
            title:
              "{{ log.data.incident.name | default: 'Incident' }} ({{ log.data.incident.status | default: log.data.incident.id }})",
            description: "{{ log.data.incident.incident_updates[0].body }}",
            urgency: IMPACT,
            tags: ["{{ log.data.incident.impact }}"],
            additional_data: [
              { format: "link", label: "Incident", value: "{{ log.data.incident.shortlink }}" },
              { format: "datetime", label: "Since", value: "{{ log.data.incident.created_at }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.component.status": "operational" },
        actions: [{ type: "resolve", thirdparty_id: COMPONENT }],
      },
      {
        match: { "log.data.component.id": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: COMPONENT,
            title:
              '{{ log.data.component.name | default: "A component" }}: {{ log.data.component.status | default: "not operational" | replace: "_", " " }}',
            urgency: STATUS,
            additional_data: [
              { format: "text", label: "Page", value: "{{ log.data.page.status_description }}" },
              { format: "text", label: "Before", value: "{{ log.data.component_update.old_status }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is neither an incident nor a component." }] },
  },
};
