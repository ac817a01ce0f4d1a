import type { RuleSet } from "./rule-set.ts";

// In a recovery and in an update {EVENT.ID} is still the id of the problem.
const KEY = "{{ log.data.event_id | default: log.data.trigger_id }}";

const URGENCY = [
  '{% assign severity = log.data.event_nseverity | append: "" %}{% case severity %}{% when "1" %}low{% when "2", "3" %}medium{% when "4" %}high{% when "5" %}critical',
  "{% endcase %}",
].join("");

/**
 * The parameters of the docs page's media type.
 * https://www.zabbix.com/documentation/current/en/manual/config/notifications/media/webhook
 */
export const zabbix: RuleSet = {
  name: "zabbix",
  title: "Zabbix",
  category: "monitoring",
  vendor_url: "https://www.zabbix.com/documentation/current/en/manual/config/notifications/media/webhook",
  docs: "docs/sources/zabbix.md",
  options: {
    rules: [
      {
        match: { "log.data.event_value": "{EVENT.VALUE}" },
        actions: [{ type: "test", reason: "The media type's test: its macros are not filled in." }],
      },
      {
        match: { "log.data.event_value": { $in: ["0", 0] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: {
          "log.data.event_update_status": { $in: ["1", 1] },
          "log.data.event_update_action": { $regex: "(^|[ ,])acknowledged", $options: "i" },
        },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.event_update_status": { $in: ["1", 1] } },
        actions: [{ type: "ignore", reason: "An update that does not acknowledge the problem." }],
      },
      {
        match: { "log.data.event_value": { $in: ["1", 1] } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.title | default: log.data.event_name | default: 'Problem of Zabbix' }}",
            description: "{{ log.data.description }}",
            urgency: URGENCY,
            tags: "{{ log.data.event_tags }}",
            additional_data: [
              {
                format: "link",
                label: "Event",
                value:
                  "{% if log.data.event_source == '0' and log.data.zabbix_url contains '://' %}{{ log.data.zabbix_url }}/tr_events.php?triggerid={{ log.data.trigger_id }}&eventid={{ log.data.event_id }}{% endif %}",
              },
              { format: "text", label: "Host", value: "{{ log.data.host_name }}" },
              { format: "text", label: "Severity", value: "{{ log.data.event_severity }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "event_value is neither 1 (problem) nor 0 (recovery)." }] },
  },
};
