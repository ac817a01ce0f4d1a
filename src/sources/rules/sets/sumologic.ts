import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.id }}";
const URGENCY =
  '{% case log.data.trigger_type %}{% when "Critical" %}critical{% when "Warning" %}medium{% when "Missing Data", "MissingData" %}high{% endcase %}';

/** https://www.sumologic.com/help/docs/alerts/monitors/alert-variables/ */
export const sumologic: RuleSet = {
  name: "sumologic",
  title: "Sumo Logic",
  category: "logs",
  vendor_url: "https://www.sumologic.com/help/docs/alerts/monitors/alert-variables/",
  docs: "docs/sources/sumologic.md",
  options: {
    rules: [
      {
        match: { "log.data.trigger_type": { $regex: "^(Resolved|Normal$)" } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.trigger_type": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.name | default: 'A monitor' }} is {{ log.data.trigger_type | downcase | default: 'triggered' }}",
            description: "{{ log.data.description | default: log.data.trigger_condition }}",
            urgency: URGENCY,
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.alert_url }}" },
              { format: "link", label: "Query", value: "{{ log.data.query_url }}" },
              { format: "text", label: "Condition", value: "{{ log.data.trigger_condition }}" },
              { format: "text", label: "Value", value: "{{ log.data.trigger_value }}" },
              { format: "text", label: "Time", value: "{{ log.data.time_range }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no trigger_type." }] },
  },
};
