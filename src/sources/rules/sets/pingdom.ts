import type { RuleSet } from "./rule-set.ts";

/** https://www.pingdom.com/resources/webhooks/ */
export const pingdom: RuleSet = {
  name: "pingdom",
  title: "Pingdom",
  category: "uptime",
  vendor_url: "https://www.pingdom.com/resources/webhooks/",
  docs: "docs/sources/pingdom.md",
  options: {
    rules: [
      {
        match: { "log.data.check_id": 12_345, "log.data.check_name": { $regex: "^Name of " } },
        actions: [{ type: "test", reason: "Pingdom's sample notification." }],
      },
      {
        match: { "log.data.current_state": { $in: ["DOWN", "FAILING"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.check_id }}",
            title: "{{ log.data.check_name | default: 'A check' }} is {{ log.data.current_state | downcase }}",
            description: "{{ log.data.long_description | default: log.data.description }}",
            urgency: "{% if log.data.importance_level == 'LOW' %}low{% else %}high{% endif %}",
            tags: '{{ log.data.tags | join: "," }}',
            additional_data: [
              { format: "link", label: "Monitored", value: "{{ log.data.check_params.full_url }}" },
              { format: "text", label: "Host", value: "{{ log.data.check_params.hostname }}" },
              { format: "text", label: "Type", value: "{{ log.data.check_type }}" },
              { format: "text", label: "Seen from", value: "{{ log.data.first_probe.location }}" },
              { format: "datetime", label: "Changed at", value: "{{ log.data.state_changed_utc_time }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.current_state": { $in: ["UP", "SUCCESS"] } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.check_id }}" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "current_state is neither down nor up." }] },
  },
};
