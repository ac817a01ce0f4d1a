import type { RuleSet } from "./rule-set.ts";

/** https://deadmanssnitch.com/docs/integrations/webhooks */
export const deadmanssnitch: RuleSet = {
  name: "deadmanssnitch",
  title: "Dead Man's Snitch",
  category: "jobs",
  vendor_url: "https://deadmanssnitch.com/docs/integrations/webhooks",
  docs: "docs/sources/deadmanssnitch.md",
  options: {
    rules: [
      {
        match: { "log.data.type": { $in: ["snitch.missing", "snitch.errored"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.data.snitch.token }}",
            title:
              '{{ log.data.data.snitch.name | default: "A snitch" }} {% if log.data.type == "snitch.errored" %}reported an error{% else %}did not check in{% endif %}',
            description: "{{ log.data.data.snitch.notes }}",
            urgency: "high",
            tags: '{{ log.data.data.snitch.tags | join: "," }}',
            additional_data: [
              {
                format: "link",
                label: "Snitch",
                value:
                  "{% if log.data.data.snitch.token %}https://deadmanssnitch.com/snitches/{{ log.data.data.snitch.token }}{% endif %}",
              },
              { format: "datetime", label: "Noticed at", value: "{{ log.data.timestamp }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.type": { $in: ["snitch.reporting", "snitch.paused"] } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.data.snitch.token }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "type is not one that is known." }] },
  },
};
