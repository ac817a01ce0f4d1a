import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const ALERT = "log.data.alert";
const KEY = `{{ ${ALERT}.alertId }}`;

/** https://support.atlassian.com/opsgenie/docs/integrate-opsgenie-with-webhook/ */
export const opsgenie: RuleSet = {
  name: "opsgenie",
  title: "Opsgenie",
  category: "incidents",
  vendor_url: "https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/",
  docs: "docs/sources/opsgenie.md",
  options: {
    rules: [
      {
        match: { "log.data.alert.alertId": { $exists: true }, "log.data.action": { $in: ["Close", "Delete"] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.alert.alertId": { $exists: true }, "log.data.action": "Acknowledge" },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: {
          "log.data.alert.alertId": { $exists: true },
          "log.data.action": {
            $in: [
              "Create",
              "UnAcknowledge",
              "Escalate",
              "EscalateNext",
              "UpdatePriority",
              "UpdateMessage",
              "UpdateDescription",
            ],
          },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${ALERT}.message | default: ${ALERT}.alias | default: ${ALERT}.alertId | default: "Alert without a message" }}`,
            description: `{{ ${ALERT}.description }}`,
            urgency: urgencyFrom(`${ALERT}.priority`),
            tags: `{{ ${ALERT}.tags | join: "," }}`,
            additional_data: [
              {
                format: "link",
                label: "Alert",
                value: `{% if ${ALERT}.alertId %}https://app.opsgenie.com/alert/detail/{{ ${ALERT}.alertId }}/details{% endif %}`,
              },
              { format: "text", label: "Entity", value: `{{ ${ALERT}.entity }}` },
              { format: "text", label: "Source", value: `{{ ${ALERT}.source }}` },
            ],
          },
        ],
      },
      {
        match: { "log.data.alert.alertId": { $exists: true }, "log.data.action": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no alert and action." }] },
  },
};
