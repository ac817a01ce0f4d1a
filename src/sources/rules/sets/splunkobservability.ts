import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY = "{{ log.data.incidentId }}";

/** https://dev.splunk.com/observability/docs/integrations/webhook_integration_overview/ */
export const splunkobservability: RuleSet = {
  name: "splunkobservability",
  title: "Splunk Observability Cloud",
  category: "monitoring",
  vendor_url: "https://dev.splunk.com/observability/docs/integrations/webhook_integration_overview/",
  docs: "docs/sources/splunkobservability.md",
  options: {
    rules: [
      {
        match: {
          "log.data.incidentId": { $exists: true },
          "log.data.statusExtended": { $in: ["ok", "manually resolved", "stopped"] },
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.incidentId": { $exists: true }, "log.data.status": "ok" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: {
          "log.data.incidentId": { $exists: true },
          $or: [{ "log.data.detectorId": { $exists: true } }, { "log.data.detectorUrl": { $exists: true } }],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.messageTitle | default: log.data.rule | default: log.data.detector | default: 'A detector' }}",
            description: "{{ log.data.messageBody | default: log.data.description }}",
            urgency: urgencyFrom("log.data.severity"),
            tags: ["{{ log.data.detector }}", "{{ log.data.originatingMetric }}"],
            additional_data: [
              { format: "link", label: "Detector", value: "{{ log.data.detectorUrl }}" },
              { format: "link", label: "Runbook", value: "{{ log.data.runbookUrl }}" },
              { format: "img", label: "Chart", value: "{{ log.data.imageUrl }}" },
              { format: "text", label: "Tip", value: "{{ log.data.tip }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no incidentId and detectorId." }] },
  },
};
