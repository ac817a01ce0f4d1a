import type { RuleSet } from "./rule-set.ts";
import { LABELS_KEY, labelsTitle } from "./labels.ts";
import { urgencyFrom } from "./severity.ts";

/** https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const alertmanager: RuleSet = {
  name: "alertmanager",
  title: "Prometheus Alertmanager",
  category: "monitoring",
  vendor_url: "https://prometheus.io/docs/alerting/latest/alertmanager/",
  docs: "docs/sources/alertmanager.md",
  recognized_by: {
    "log.parent.alerts": { $exists: true },
    "log.parent.orgId": { $exists: false },
    "log.data.labels.alertname": { $exists: true },
    "log.data.startsAt": { $exists: true },
    "log.data.generatorURL": { $not: { $regex: "/vmalert/alert\\?" } },
  },
  options: {
    each: "alerts",
    rules: [
      {
        match: { "log.data.status": "firing" },
        actions: [
          {
            type: "create",
            thirdparty_id: LABELS_KEY,
            title: labelsTitle("Alert of Alertmanager"),
            description: "{{ log.data.annotations.description | default: log.data.annotations.message }}",
            urgency: urgencyFrom("log.data.labels.severity"),
            tags: '{% for label in log.data.labels %}{{ label[0] }}:{{ label[1] | replace: ",", ";" }},{% endfor %}',
            additional_data: [
              { format: "link", label: "Query", value: "{{ log.data.generatorURL }}" },
              { format: "link", label: "Runbook", value: "{{ log.data.annotations.runbook_url }}" },
              { format: "link", label: "Alertmanager", value: "{{ log.parent.externalURL }}" },
              { format: "datetime", label: "Started at", value: "{{ log.data.startsAt }}" },
              { format: "text", label: "Receiver", value: "{{ log.parent.receiver }}" },
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
