import type { RuleSet } from "./rule-set.ts";

const EVENT = "log.data.event";
const KEY = `{{ ${EVENT}.monitorID }}`;

/** https://axiom.co/docs/monitor-data/custom-webhook-notifier */
export const axiom: RuleSet = {
  name: "axiom",
  title: "Axiom",
  category: "logs",
  vendor_url: "https://axiom.co/docs/monitor-data/custom-webhook-notifier",
  docs: "docs/sources/axiom.md",
  options: {
    rules: [
      {
        match: { "log.data.event.monitorID": { $exists: true }, "log.data.action": "Closed" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.event.monitorID": { $exists: true }, "log.data.action": "Open" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${EVENT}.title | default: ${EVENT}.description | default: "A monitor of Axiom was triggered" }}`,
            description: `{{ ${EVENT}.body | default: ${EVENT}.description }}`,
            urgency: "high",
            additional_data: [
              { format: "link", label: "Monitor", value: `{{ ${EVENT}.url }}` },
              { format: "text", label: "Value", value: `{{ ${EVENT}.value }}` },
              { format: "text", label: "At", value: `{{ ${EVENT}.timestamp }}` },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "action is neither Open nor Closed." }] },
  },
};
