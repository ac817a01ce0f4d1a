import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.alert_id }}";
const URGENCY =
  '{% assign level = log.data.level | downcase %}{% case level %}{% when "critical" %}critical{% when "error" %}high{% when "warn", "warning" %}medium{% endcase %}';

/** https://www.logicmonitor.com/support/alerts/integrations/custom-http-delivery */
export const logicmonitor: RuleSet = {
  name: "logicmonitor",
  title: "LogicMonitor",
  category: "infrastructure",
  vendor_url: "https://www.logicmonitor.com/support/alerts/integrations/custom-http-delivery",
  docs: "docs/sources/logicmonitor.md",
  options: {
    rules: [
      {
        match: { "log.data.status": { $regex: "^test", $options: "i" } },
        actions: [{ type: "test", reason: "LogicMonitor's test alert." }],
      },
      {
        match: { "log.data.alert_id": { $exists: true }, "log.data.status": { $regex: "^clear", $options: "i" } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.alert_id": { $exists: true }, "log.data.status": { $regex: "^ack", $options: "i" } },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.alert_id": { $exists: true }, "log.data.level": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.datasource | default: 'Alert' }} {{ log.data.datapoint }} on {{ log.data.host | default: log.data.alert_id }}",
            description: "{{ log.data.message }}",
            urgency: URGENCY,
            tags: ["{{ log.data.host }}"],
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.url }}" },
              { format: "text", label: "Value", value: "{{ log.data.value }}" },
              { format: "text", label: "Started at", value: "{{ log.data.start }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no alert_id and level." }] },
  },
};
