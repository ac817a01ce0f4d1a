import type { RuleSet } from "./rule-set.ts";

const EVENT = "log.data.event";
const URGENCY = `{% case ${EVENT}.priority %}{% when 4 %}critical{% when 3 %}high{% when 2 %}medium{% when 1 %}low{% endcase %}`;

/** https://go2docs.graylog.org/current/interacting_with_your_log_data/notifications.html */
export const graylog: RuleSet = {
  name: "graylog",
  title: "Graylog",
  category: "logs",
  vendor_url: "https://go2docs.graylog.org/current/interacting_with_your_log_data/notifications.html",
  docs: "docs/sources/graylog.md",
  options: {
    rules: [
      {
        match: { "log.data.event_definition_type": "test-dummy-v1" },
        actions: [{ type: "test", reason: "Graylog's test notification." }],
      },
      {
        match: { "log.data.event_definition_id": { $exists: true }, "log.data.event": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: `{{ log.data.event_definition_id }}{% if ${EVENT}.key %}:{{ ${EVENT}.key }}{% endif %}`,
            title: `{{ ${EVENT}.message | default: log.data.event_definition_title | default: "Event of Graylog" }}`,
            description: "{{ log.data.event_definition_description }}",
            urgency: URGENCY,
            tags: ["{{ log.data.event_definition_title }}", `{{ ${EVENT}.source }}`],
            additional_data: [
              { format: "text", label: "Key", value: `{{ ${EVENT}.key }}` },
              {
                format: "text",
                label: "Fields",
                value: `{% for field in ${EVENT}.fields %}{{ field[0] }}={{ field[1] }} {% endfor %}`,
              },
              { format: "datetime", label: "At", value: `{{ ${EVENT}.timestamp }}` },
            ],
          },
        ],
      },
      {
        // The alarm callbacks of versions before 3.1.
        match: { "log.data.check_result.triggered": true, "log.data.stream.id": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.stream.id }}:{{ log.data.check_result.triggered_condition.id }}",
            title:
              '{{ log.data.stream.title | default: "A stream" }}: {{ log.data.check_result.triggered_condition.title | default: log.data.check_result.result_description | default: "alert" }}',
            description: "{{ log.data.check_result.result_description }}",
            urgency: "high",
            tags: ["{{ log.data.stream.title }}"],
            additional_data: [
              { format: "text", label: "Message", value: "{{ log.data.check_result.matching_messages[0].message }}" },
              {
                format: "text",
                label: "Condition",
                value: "{{ log.data.check_result.triggered_condition.description }}",
              },
              { format: "datetime", label: "At", value: "{{ log.data.check_result.triggered_at }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no event_definition_id." }] },
  },
};
