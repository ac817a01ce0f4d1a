import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.incident_id | default: log.data.id }}";

// The type of the event says how grave a violation is now; other events have a severity only.
const URGENCY = [
  "{% if log.data.event_type contains 'CRITICAL' or log.data.event_type == 'POLICY_UPGRADED' %}critical",
  "{% elsif log.data.event_type contains 'WARNING' or log.data.event_type == 'POLICY_DOWNGRADED' %}medium",
  "{% else %}{% case log.data.severity %}{% when 'ERROR' %}high{% when 'WARN' %}medium{% when 'INFO' %}low{% endcase %}{% endif %}",
].join("");

/** https://help.splunk.com/en/appdynamics-saas/get-started/26.4.0/alert-and-respond/actions/predefined-templating-variables */
export const appdynamics: RuleSet = {
  name: "appdynamics",
  title: "AppDynamics",
  category: "monitoring",
  vendor_url:
    "https://help.splunk.com/en/appdynamics-saas/get-started/26.4.0/alert-and-respond/actions/predefined-templating-variables",
  docs: "docs/sources/appdynamics.md",
  options: {
    rules: [
      {
        match: { "log.data.event_type": { $regex: "^POLICY_(CLOSE|CANCELED)" } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.event_type": { $exists: true }, "log.data.application": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.health_rule | default: log.data.event_type | default: 'Violation' }}: {{ log.data.entity | default: log.data.application }}",
            description: "{{ log.data.summary }}",
            urgency: URGENCY,
            tags: ["{{ log.data.application }}"],
            additional_data: [
              { format: "link", label: "Violation", value: "{{ log.data.url }}" },
              { format: "text", label: "Event", value: "{{ log.data.event_type }}" },
              { format: "text", label: "At", value: "{{ log.data.time }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no event_type and application." }] },
  },
};
