import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY =
  "{{ log.data.hostname }}:{{ log.data.type }}{% if log.data.job and log.data.job != '' %}:{{ log.data.job }}{% endif %}";

/** https://pve.proxmox.com/pve-docs/chapter-notifications.html */
export const proxmox: RuleSet = {
  name: "proxmox",
  title: "Proxmox VE",
  category: "infrastructure",
  vendor_url: "https://pve.proxmox.com/pve-docs/chapter-notifications.html",
  docs: "docs/sources/proxmox.md",
  options: {
    rules: [
      {
        match: { "log.data.title": "Test notification", "log.data.severity": { $exists: true } },
        actions: [{ type: "test", reason: "Proxmox' test notification." }],
      },
      {
        match: {
          "log.data.severity": { $in: ["error", "warning", "unknown"] },
          "log.data.hostname": { $exists: true },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.title | default: log.data.type | default: 'Notification' }}{% unless log.data.title contains log.data.hostname %} on {{ log.data.hostname }}{% endunless %}",
            description: "{{ log.data.message }}",
            urgency: urgencyFrom("log.data.severity"),
            tags: ["{{ log.data.type }}", "{{ log.data.hostname }}"],
            additional_data: [
              {
                format: "link",
                label: "Node",
                value: "{% if log.data.hostname %}https://{{ log.data.hostname }}:8006/{% endif %}",
              },
              { format: "datetime", label: "At", value: "{{ log.data.timestamp | date: '%Y-%m-%dT%H:%M:%SZ' }}" },
            ],
          },
        ],
      },
      {
        // A job that works again is the end of its failure.
        match: {
          "log.data.severity": { $in: ["info", "notice"] },
          "log.data.type": { $in: ["vzdump", "replication", "fencing"] },
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.severity": { $in: ["info", "notice"] }, "log.data.hostname": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no severity and hostname." }] },
  },
};
