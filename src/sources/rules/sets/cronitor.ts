import type { RuleSet } from "./rule-set.ts";

// A monitor fails and recovers in each environment separately.
const KEY = "{{ log.data.id }}{% if log.data.environment %}:{{ log.data.environment }}{% endif %}";

/** https://cronitor.io/docs/using-webhooks */
export const cronitor: RuleSet = {
  name: "cronitor",
  title: "Cronitor",
  category: "jobs",
  vendor_url: "https://cronitor.io/docs/using-webhooks",
  docs: "docs/sources/cronitor.md",
  options: {
    rules: [
      {
        match: { "log.data.type": { $regex: "^recovery$", $options: "i" } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.type": { $regex: "^alert$", $options: "i" } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.monitor | default: 'A monitor' }}: {{ log.data.rule | default: 'failed' }}",
            description: "{{ log.data.description }}",
            urgency: "high",
            tags: "{{ log.data.group }},{{ log.data.environment }}",
            additional_data: [
              { format: "link", label: "Issue", value: "{{ log.data.issue_url }}" },
              { format: "link", label: "Monitor", value: "{{ log.data.monitor_url }}" },
              { format: "text", label: "Rule", value: "{{ log.data.rule }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "type is neither ALERT nor RECOVERY." }] },
  },
};
