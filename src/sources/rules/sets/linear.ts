import type { RuleSet } from "./rule-set.ts";

const ISSUE = "log.data.data";
const KEY = `{{ ${ISSUE}.id }}`;
const URGENCY = `{% case ${ISSUE}.priority %}{% when 1 %}critical{% when 2 %}high{% when 3 %}medium{% when 4 %}low{% endcase %}`;

/** https://linear.app/developers/webhooks */
export const linear: RuleSet = {
  name: "linear",
  title: "Linear",
  category: "code",
  vendor_url: "https://linear.app/developers/webhooks",
  docs: "docs/sources/linear.md",
  options: {
    rules: [
      {
        match: { "log.data.type": "Issue", "log.data.data.state.type": { $in: ["completed", "canceled"] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.type": "Issue", "log.data.action": "remove" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.type": "Issue", "log.data.action": { $in: ["create", "update"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${ISSUE}.identifier | default: "Issue" }}: {{ ${ISSUE}.title }}`,
            description: `{{ ${ISSUE}.description }}`,
            urgency: URGENCY,
            tags: `{{ ${ISSUE}.team.key }},{% for label in ${ISSUE}.labels %}{{ label.name | replace: ",", ";" }},{% endfor %}`,
            additional_data: [
              { format: "link", label: "Issue", value: `{{ log.data.url | default: ${ISSUE}.url }}` },
              { format: "text", label: "State", value: `{{ ${ISSUE}.state.name }}` },
              { format: "text", label: "By", value: "{{ log.data.actor.name }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.type": { $exists: true }, "log.data.webhookId": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no type and webhookId." }] },
  },
};
