import type { RuleSet } from "./rule-set.ts";

const ALERT = "log.data.all_fields";
// Wazuh's levels are 0 to 15.
const URGENCY = `{% assign level = ${ALERT}.rule.level | to_integer %}{% if level >= 15 %}critical{% elsif level >= 12 %}high{% elsif level >= 7 %}medium{% else %}low{% endif %}`;

/** https://documentation.wazuh.com/current/user-manual/manager/integration-with-external-apis.html */
export const wazuh: RuleSet = {
  name: "wazuh",
  title: "Wazuh",
  category: "security",
  vendor_url: "https://documentation.wazuh.com/current/user-manual/manager/integration-with-external-apis.html",
  docs: "docs/sources/wazuh.md",
  options: {
    rules: [
      {
        match: { "log.data.rule_id": { $exists: true }, "log.data.all_fields.rule": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: `{{ ${ALERT}.agent.id }}:{{ log.data.rule_id }}`,
            title: `{{ log.data.title | default: ${ALERT}.rule.description | default: "A rule matched" }} on {{ ${ALERT}.agent.name | default: "an agent" }}`,
            description: "{{ log.data.text }}",
            urgency: URGENCY,
            tags: `{{ ${ALERT}.rule.groups | join: "," }}`,
            additional_data: [
              { format: "text", label: "Level", value: `{{ ${ALERT}.rule.level }}` },
              { format: "text", label: "Agent", value: `{{ ${ALERT}.agent.name }} ({{ ${ALERT}.agent.ip }})` },
              { format: "text", label: "Location", value: `{{ ${ALERT}.location }}` },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no rule_id and all_fields." }] },
  },
};
