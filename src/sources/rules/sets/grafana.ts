import type { RuleSet } from "./rule-set.ts";
import { LABELS_KEY, labelsTitle } from "./labels.ts";
import { urgencyFrom } from "./severity.ts";

const LEGACY_KEY = "legacy:{{ log.data.ruleId }}:{{ log.data.ruleName }}";

/**
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const grafana: RuleSet = {
  name: "grafana",
  title: "Grafana Alerting",
  category: "monitoring",
  vendor_url: "https://grafana.com/docs/grafana/latest/alerting/",
  docs: "docs/sources/grafana.md",
  recognized_by: { $or: [{ "log.parent.orgId": { $exists: true } }, { "log.data.evalMatches": { $exists: true } }] },
  options: {
    each: "alerts",
    rules: [
      {
        match: { "log.data.labels.alertname": "TestAlert", "log.data.labels.instance": "Grafana" },
        actions: [{ type: "test", reason: "Grafana's test notification." }],
      },
      {
        // Grafana's legacy alerting, before version 11: one alert in a body without a list.
        match: { "log.data.ruleName": "Test notification", "log.data.ruleId": { $in: [0, null] } },
        actions: [{ type: "test", reason: "Grafana's test notification." }],
      },
      {
        match: { "log.data.ruleName": { $exists: true }, "log.data.state": { $in: ["alerting", "no_data"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: LEGACY_KEY,
            title: "{{ log.data.ruleName }}",
            description: "{{ log.data.message }}",
            urgency: urgencyFrom("log.data.tags.severity"),
            additional_data: [
              { format: "link", label: "Alert rule", value: "{{ log.data.ruleUrl }}" },
              { format: "img", label: "Screenshot", value: "{{ log.data.imageUrl }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.ruleName": { $exists: true }, "log.data.state": "ok" },
        actions: [{ type: "resolve", thirdparty_id: LEGACY_KEY }],
      },
      {
        match: { "log.data.status": "firing" },
        actions: [
          {
            type: "create",
            thirdparty_id: LABELS_KEY,
            title: labelsTitle("Alert of Grafana"),
            description:
              "{{ log.data.annotations.description | default: log.data.annotations.message | default: log.data.valueString }}",
            urgency: urgencyFrom("log.data.labels.severity"),
            tags: '{% for label in log.data.labels %}{{ label[0] }}:{{ label[1] | replace: ",", ";" }},{% endfor %}',
            additional_data: [
              { format: "link", label: "Alert rule", value: "{{ log.data.generatorURL }}" },
              { format: "link", label: "Dashboard", value: "{{ log.data.dashboardURL }}" },
              { format: "link", label: "Panel", value: "{{ log.data.panelURL }}" },
              { format: "link", label: "Silence", value: "{{ log.data.silenceURL }}" },
              { format: "link", label: "Runbook", value: "{{ log.data.annotations.runbook_url }}" },
              { format: "img", label: "Screenshot", value: "{{ log.data.imageURL }}" },
              { format: "datetime", label: "Started at", value: "{{ log.data.startsAt }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.status": "resolved" },
        actions: [{ type: "resolve", thirdparty_id: LABELS_KEY }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The alert is neither firing nor resolved." }] },
  },
};
