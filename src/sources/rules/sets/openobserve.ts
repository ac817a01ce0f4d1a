import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

/** https://openobserve.ai/docs/user-guide/management/templates/ */
export const openobserve: RuleSet = {
  name: "openobserve",
  title: "OpenObserve",
  category: "logs",
  vendor_url: "https://openobserve.ai/docs/user-guide/management/templates/",
  docs: "docs/sources/openobserve.md",
  options: {
    rules: [
      {
        match: { "log.data.alert_name": { $exists: true }, "log.data.stream_name": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.org_name }}/{{ log.data.stream_name }}/{{ log.data.alert_name }}",
            title: "{{ log.data.alert_name | default: 'Alert' }} on {{ log.data.stream_name | default: 'a stream' }}",
            description: "{{ log.data.rows }}",
            urgency: urgencyFrom("log.data.severity"),
            tags: ["{{ log.data.org_name }}", "{{ log.data.stream_name }}"],
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.alert_url }}" },
              {
                format: "text",
                label: "Condition",
                value: "{{ log.data.alert_operator }} {{ log.data.alert_threshold }}",
              },
              { format: "text", label: "Count", value: "{{ log.data.alert_count }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no alert_name and stream_name." }] },
  },
};
