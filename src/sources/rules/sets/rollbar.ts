import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY = "{{ log.data.data.item.id }}";
const ITEM = "log.data.data.item";
const LEVEL = `${ITEM}.last_occurrence.level | default: log.data.data.occurrence.level`;
const UUID = `${ITEM}.last_occurrence.uuid | default: log.data.data.occurrence.uuid`;

/** https://docs.rollbar.com/docs/webhooks */
export const rollbar: RuleSet = {
  name: "rollbar",
  title: "Rollbar",
  category: "errors",
  vendor_url: "https://docs.rollbar.com/docs/webhooks",
  docs: "docs/sources/rollbar.md",
  options: {
    rules: [
      {
        match: { "log.data.event_name": "test" },
        actions: [{ type: "test", reason: "Rollbar's test notification." }],
      },
      {
        match: { "log.data.event_name": "resolved_item" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: {
          "log.data.event_name": {
            $in: ["new_item", "reactivated_item", "reopened_item", "exp_repeat_item", "item_velocity", "occurrence"],
          },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${ITEM}.title | default: "Item of Rollbar" }}{% if ${ITEM}.environment and ${ITEM}.environment != "" %} in {{ ${ITEM}.environment }}{% endif %}`,
            urgency: urgencyFrom(LEVEL),
            tags: [`{{ ${ITEM}.environment }}`, `{{ ${ITEM}.last_occurrence.language }}`],
            additional_data: [
              {
                format: "link",
                label: "Occurrence",
                value: `{% assign uuid = ${UUID} %}{% if log.data.data.url %}{{ log.data.data.url }}{% elsif uuid %}https://rollbar.com/occurrence/uuid/?uuid={{ uuid }}{% endif %}`,
              },
              { format: "text", label: "Event", value: "{{ log.data.event_name }}" },
              { format: "text", label: "Occurrences", value: `{{ ${ITEM}.total_occurrences }}` },
            ],
          },
        ],
      },
      {
        match: { "log.data.event_name": "deploy" },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "event_name is not one of an item." }] },
  },
};
