import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

/**
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const grafana: RuleSet = {
  name: "grafana",
  title: "Grafana Alerting",
  category: "monitoring",
  vendor_url: "https://grafana.com/docs/grafana/latest/alerting/",
  docs: "docs/sources/grafana.md",
  options: {
    each: "alerts",
    rules: [
      {
        match: { "log.data.labels.alertname": "TestAlert", "log.data.labels.instance": "Grafana" },
        actions: [{ type: "ignore", reason: "Grafana's test notification." }],
      },
      {
        match: { "log.data.status": "firing" },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.fingerprint }}",
            title:
              "{{ log.data.annotations.summary | default: log.data.labels.alertname | default: 'Alert of Grafana' }}",
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
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.fingerprint }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The alert is neither firing nor resolved." }] },
  },
};
