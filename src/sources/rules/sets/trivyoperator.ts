import type { RuleSet } from "./rule-set.ts";

/** https://aquasecurity.github.io/trivy-operator/latest/tutorials/integrations/webhook/ */
export const trivyoperator: RuleSet = {
  name: "trivyoperator",
  title: "Trivy Operator",
  category: "security",
  logo: "trivy",
  vendor_url: "https://aquasecurity.github.io/trivy-operator/latest/tutorials/integrations/webhook/",
  docs: "docs/sources/trivyoperator.md",
  options: {
    rules: [
      {
        match: { "log.data.verb": "delete", "log.data.operatorObject.metadata.name": { $exists: true } },
        actions: [
          {
            type: "resolve",
            thirdparty_id:
              "{{ log.data.operatorObject.metadata.namespace }}/{{ log.data.operatorObject.metadata.name }}",
          },
        ],
      },
      {
        match: {
          "log.data.verb": "update",
          "log.data.operatorObject.metadata.name": { $exists: true },
          $or: [
            { "log.data.operatorObject.report.summary.criticalCount": { $gt: 0 } },
            { "log.data.operatorObject.report.summary.highCount": { $gt: 0 } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id:
              "{{ log.data.operatorObject.metadata.namespace }}/{{ log.data.operatorObject.metadata.name }}",
            title:
              "{{ log.data.operatorObject.report.artifact.repository | default: log.data.operatorObject.metadata.name }}: {{ log.data.operatorObject.report.summary.criticalCount | default: 0 }} critical, {{ log.data.operatorObject.report.summary.highCount | default: 0 }} high",
            description:
              "{% for item in log.data.operatorObject.report.vulnerabilities limit: 20 %}{{ item.severity }}: {{ item.vulnerabilityID }} in {{ item.resource }} {{ item.installedVersion }}\n{% endfor %}",
            urgency: "{% if log.data.operatorObject.report.summary.criticalCount > 0 %}high{% else %}medium{% endif %}",
            tags: ["{{ log.data.operatorObject.metadata.namespace }}"],
            additional_data: [
              {
                format: "link",
                label: "Advisory",
                value: "{{ log.data.operatorObject.report.vulnerabilities[0].primaryLink }}",
              },
              { format: "text", label: "Tag", value: "{{ log.data.operatorObject.report.artifact.tag }}" },
              { format: "text", label: "Report", value: "{{ log.data.operatorObject.metadata.name }}" },
              { format: "datetime", label: "At", value: "{{ log.data.operatorObject.report.updateTimestamp }}" },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.verb": "update",
          "log.data.operatorObject.metadata.name": { $exists: true },
          "log.data.operatorObject.report.summary.criticalCount": { $exists: true },
        },
        actions: [
          {
            type: "resolve",
            thirdparty_id:
              "{{ log.data.operatorObject.metadata.namespace }}/{{ log.data.operatorObject.metadata.name }}",
          },
        ],
      },
      {
        match: {
          "log.data.metadata.name": { $exists: true },
          $or: [
            { "log.data.report.summary.criticalCount": { $gt: 0 } },
            { "log.data.report.summary.highCount": { $gt: 0 } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.metadata.namespace }}/{{ log.data.metadata.name }}",
            title:
              "{{ log.data.report.artifact.repository | default: log.data.metadata.name }}: {{ log.data.report.summary.criticalCount | default: 0 }} critical, {{ log.data.report.summary.highCount | default: 0 }} high",
            description:
              "{% for item in log.data.report.vulnerabilities limit: 20 %}{{ item.severity }}: {{ item.vulnerabilityID }} in {{ item.resource }} {{ item.installedVersion }}\n{% endfor %}",
            urgency: "{% if log.data.report.summary.criticalCount > 0 %}high{% else %}medium{% endif %}",
            tags: ["{{ log.data.metadata.namespace }}"],
            additional_data: [
              { format: "link", label: "Advisory", value: "{{ log.data.report.vulnerabilities[0].primaryLink }}" },
              { format: "text", label: "Tag", value: "{{ log.data.report.artifact.tag }}" },
              { format: "text", label: "Report", value: "{{ log.data.metadata.name }}" },
              { format: "datetime", label: "At", value: "{{ log.data.report.updateTimestamp }}" },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.metadata.name": { $exists: true },
          "log.data.report.summary.criticalCount": { $exists: true },
        },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.metadata.namespace }}/{{ log.data.metadata.name }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is no report with counts by severity." }] },
  },
};
