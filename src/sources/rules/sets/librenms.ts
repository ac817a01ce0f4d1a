import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY = "{{ log.data.alert_id }}";

/** https://docs.librenms.org/Alerting/Transports/ */
export const librenms: RuleSet = {
  name: "librenms",
  title: "LibreNMS",
  category: "infrastructure",
  vendor_url: "https://docs.librenms.org/Alerting/Transports/",
  docs: "docs/sources/librenms.md",
  options: {
    rules: [
      {
        match: { "log.data.alert_id": { $exists: true }, "log.data.state": { $in: ["0", 0] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.alert_id": { $exists: true }, "log.data.state": { $in: ["2", 2] } },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        // Alert, got worse, got better.
        match: { "log.data.alert_id": { $exists: true }, "log.data.state": { $in: ["1", "3", "4", 1, 3, 4] } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.rule | default: log.data.title | default: 'A rule matches' }} on {{ log.data.host | default: 'a device' }}",
            description: "{{ log.data.msg }}",
            urgency: urgencyFrom("log.data.severity"),
            tags: ["{{ log.data.host }}"],
            additional_data: [
              { format: "link", label: "Device", value: "{{ log.data.url }}" },
              { format: "text", label: "Name", value: "{{ log.data.sysname }}" },
              { format: "text", label: "At", value: "{{ log.data.timestamp }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "state is not 0 to 4." }] },
  },
};
