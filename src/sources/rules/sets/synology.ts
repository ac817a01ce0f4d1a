import type { RuleSet } from "./rule-set.ts";

/** https://kb.synology.com/en-global/DSM/help/DSM/AdminCenter/system_notification_webhook */
export const synology: RuleSet = {
  name: "synology",
  title: "Synology DSM",
  category: "infrastructure",
  vendor_url: "https://kb.synology.com/en-global/DSM/help/DSM/AdminCenter/system_notification_webhook",
  docs: "docs/sources/synology.md",
  options: {
    rules: [
      {
        match: { "log.data.source": "synology", "log.data.text": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.host }}:{{ log.data.text }}",
            title: "{{ log.data.text | default: 'A notification of DSM' | strip | truncate: 200 }}",
            description: "{{ log.data.text }}",
            tags: ["{{ log.data.host }}"],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "source is not synology, or text is missing." }] },
  },
};
