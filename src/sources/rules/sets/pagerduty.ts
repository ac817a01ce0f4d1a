import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.event.data.id }}";
const INCIDENT = "log.data.event.data";

// An incident's priority if it has one, else its urgency, which is high or low.
const URGENCY = [
  `{% case ${INCIDENT}.priority.summary %}{% when "P1" %}critical{% when "P2" %}high{% when "P3" %}medium{% when "P4", "P5" %}low`,
  `{% else %}{% case ${INCIDENT}.urgency %}{% when "high" %}high{% when "low" %}low{% endcase %}{% endcase %}`,
].join("");

/** https://developer.pagerduty.com/docs/webhooks-overview */
export const pagerduty: RuleSet = {
  name: "pagerduty",
  title: "PagerDuty",
  category: "incidents",
  vendor_url: "https://developer.pagerduty.com/docs/webhooks-overview",
  docs: "docs/sources/pagerduty.md",
  recognized_by: {
    $or: [
      { "log.headers.x-pagerduty-signature": { $exists: true } },
      {
        "log.data.event.event_type": { $regex: "^(incident|service|pagey)\\." },
        "log.data.event.resource_type": { $exists: true },
      },
    ],
  },
  options: {
    rules: [
      {
        match: { "log.data.event.event_type": "pagey.ping" },
        actions: [{ type: "test", reason: "PagerDuty's ping." }],
      },
      {
        match: { "log.data.event.event_type": "incident.resolved" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.event.event_type": "incident.acknowledged" },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: {
          "log.data.event.event_type": {
            $in: [
              "incident.triggered",
              "incident.reopened",
              "incident.unacknowledged",
              "incident.escalated",
              "incident.reassigned",
              "incident.delegated",
              "incident.priority_updated",
            ],
          },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${INCIDENT}.title | default: ${INCIDENT}.id | default: "Incident of PagerDuty" }}`,
            urgency: URGENCY,
            tags: [`{{ ${INCIDENT}.service.summary }}`, `{{ ${INCIDENT}.priority.summary }}`],
            additional_data: [
              { format: "link", label: "Incident", value: `{{ ${INCIDENT}.html_url }}` },
              { format: "link", label: "Service", value: `{{ ${INCIDENT}.service.html_url }}` },
              { format: "text", label: "Assigned to", value: `{{ ${INCIDENT}.assignees | map: "summary" }}` },
              { format: "text", label: "Event", value: "{{ log.data.event.event_type }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.event.event_type": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: {
      actions: [{ type: "ignore", reason: "The body has no event.event_type: it is not of the version V3." }],
    },
  },
};
