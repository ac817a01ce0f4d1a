import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.data.id }}";
const INCIDENT = "log.data.data.attributes";
const IS_INCIDENT = { "log.data.data.type": "incident" };

/** https://betterstack.com/docs/uptime/webhooks/ */
export const betterstack: RuleSet = {
  name: "betterstack",
  title: "Better Stack",
  category: "uptime",
  vendor_url: "https://betterstack.com/docs/uptime/webhooks/",
  docs: "docs/sources/betterstack.md",
  options: {
    rules: [
      {
        match: { ...IS_INCIDENT, "log.data.data.attributes.resolved_at": { $ne: null } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { ...IS_INCIDENT, "log.data.data.attributes.acknowledged_at": { $ne: null } },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: IS_INCIDENT,
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${INCIDENT}.name | default: "A monitor" }}: {{ ${INCIDENT}.cause | default: "incident" }}`,
            urgency: "high",
            tags: [`{{ ${INCIDENT}.team_name }}`],
            additional_data: [
              { format: "link", label: "Origin", value: `{{ ${INCIDENT}.origin_url }}` },
              { format: "link", label: "Monitored", value: `{{ ${INCIDENT}.url }}` },
              { format: "img", label: "Screenshot", value: `{{ ${INCIDENT}.screenshot_url }}` },
              { format: "datetime", label: "Since", value: `{{ ${INCIDENT}.started_at }}` },
              { format: "text", label: "Regions", value: `{{ ${INCIDENT}.regions }}` },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not an incident." }] },
  },
};
