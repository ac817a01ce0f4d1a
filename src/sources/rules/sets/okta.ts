import type { RuleSet } from "./rule-set.ts";

/** https://developer.okta.com/docs/concepts/event-hooks/ */
export const okta: RuleSet = {
  name: "okta",
  title: "Okta",
  category: "security",
  vendor_url: "https://developer.okta.com/docs/concepts/event-hooks/",
  docs: "docs/sources/okta.md",
  options: {
    each: "data.events",
    rules: [
      {
        match: { "log.data.eventType": { $exists: true }, "log.data.severity": { $in: ["WARN", "ERROR"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.eventType }}:{{ log.data.actor.id | default: log.data.actor.alternateId }}",
            title:
              "{{ log.data.displayMessage | default: log.data.eventType }}{% if log.data.actor.displayName and log.data.actor.displayName != '' %}: {{ log.data.actor.displayName }}{% endif %}",
            description:
              "{{ log.data.outcome.result }}{% if log.data.outcome.reason and log.data.outcome.reason != '' %}: {{ log.data.outcome.reason }}{% endif %}",
            urgency: '{% case log.data.severity %}{% when "ERROR" %}high{% when "WARN" %}medium{% endcase %}',
            tags: ["{{ log.data.eventType }}"],
            additional_data: [
              { format: "text", label: "Actor", value: "{{ log.data.actor.alternateId }}" },
              { format: "text", label: "Address", value: "{{ log.data.client.ipAddress }}" },
              { format: "text", label: "Target", value: "{{ log.data.target[0].displayName }}" },
              { format: "datetime", label: "At", value: "{{ log.data.published }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.eventType": { $exists: true }, "log.data.uuid": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is no event of an event hook." }] },
  },
};
