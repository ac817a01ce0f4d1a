import type { RuleSet } from "./rule-set.ts";

// PID is unique; ProblemID is the short number that people see.
const KEY = "{{ log.data.PID | default: log.data.ProblemID }}";

const URGENCY = [
  '{% case log.data.ProblemSeverity %}{% when "AVAILABILITY" %}critical{% when "ERROR", "MONITORING_UNAVAILABLE" %}high',
  '{% when "PERFORMANCE", "RESOURCE_CONTENTION", "CUSTOM_ALERT" %}medium{% when "INFO" %}low{% endcase %}',
].join("");

/**
 * The body of the docs page.
 * https://docs.dynatrace.com/docs/analyze-explore-automate/notifications-and-alerting/problem-notifications/webhook-integration
 */
export const dynatrace: RuleSet = {
  name: "dynatrace",
  title: "Dynatrace",
  category: "monitoring",
  vendor_url:
    "https://docs.dynatrace.com/docs/analyze-explore-automate/notifications-and-alerting/problem-notifications/webhook-integration",
  docs: "docs/sources/dynatrace.md",
  options: {
    rules: [
      {
        match: { "log.data.ProblemTitle": { $regex: "problem notification test run", $options: "i" } },
        actions: [{ type: "test", reason: "Dynatrace's test notification." }],
      },
      {
        match: { "log.data.State": "OPEN" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.ProblemTitle | default: 'Problem of Dynatrace' }}",
            description: "{{ log.data.ProblemDetailsText }}",
            urgency: URGENCY,
            tags: "{{ log.data.Tags }}",
            additional_data: [
              { format: "link", label: "Problem", value: "{{ log.data.ProblemURL }}" },
              { format: "text", label: "Number", value: "{{ log.data.ProblemID }}" },
              { format: "text", label: "Impact", value: "{{ log.data.ProblemImpact }}" },
              { format: "text", label: "Severity", value: "{{ log.data.ProblemSeverity }}" },
              {
                format: "text",
                label: "Impacted",
                value: "{{ log.data.ImpactedEntityNames | default: log.data.ImpactedEntity }}",
              },
            ],
          },
        ],
      },
      {
        // Dynatrace sends nothing more about a problem after it was merged into another one.
        match: { "log.data.State": { $in: ["RESOLVED", "MERGED"] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "State is not OPEN, RESOLVED or MERGED." }] },
  },
};
