import type { RuleSetOptions } from "./rule-set.ts";

const DATA = "log.data";
const KEY = `{{ ${DATA}.host }}{% if ${DATA}.service and ${DATA}.service != "" %}/{{ ${DATA}.service }}{% endif %}`;

// Hosts are UP, DOWN or UNREACHABLE; services are OK, WARNING, CRITICAL or UNKNOWN.
const URGENCY = [
  `{% case ${DATA}.state %}{% when "DOWN", "CRITICAL", "CRIT" %}critical{% when "UNREACHABLE" %}high`,
  '{% when "WARNING", "WARN", "UNKNOWN" %}medium{% endcase %}',
].join("");

/** Returns the rules of Nagios and the products that descend from it. They name the types of notification alike. */
export function notificationRules(product: string): RuleSetOptions {
  return {
    rules: [
      {
        match: { "log.data.notification_type": "TEST" },
        actions: [{ type: "test", reason: `A test of ${product}.` }],
      },
      {
        match: { "log.data.notification_type": "PROBLEM" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{% if ${DATA}.service and ${DATA}.service != "" %}{{ ${DATA}.service }} on {% endif %}{{ ${DATA}.host | default: "a host" }} is {{ ${DATA}.state | default: "in trouble" }}`,
            description: `{{ ${DATA}.output }}`,
            urgency: URGENCY,
            tags: `{{ ${DATA}.groups }}`,
            additional_data: [
              { format: "link", label: "Details", value: `{{ ${DATA}.url }}` },
              { format: "text", label: "Address", value: `{{ ${DATA}.address }}` },
              { format: "text", label: "Details", value: `{{ ${DATA}.long_output }}` },
            ],
          },
        ],
      },
      {
        match: { "log.data.notification_type": "RECOVERY" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.notification_type": "ACKNOWLEDGEMENT" },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.notification_type": { $regex: "^(FLAPPING|DOWNTIME|CUSTOM)" } },
        actions: [{ type: "receive", reason: `{{ ${DATA}.notification_type }} of {{ ${DATA}.host }}.` }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "notification_type is not a type of notification." }] },
  };
}
