import type { RuleSet } from "./rule-set.ts";

/** https://help.uptimerobot.com/en/articles/14498593-webhook-integration */
export const uptimerobot: RuleSet = {
  name: "uptimerobot",
  title: "UptimeRobot",
  category: "uptime",
  vendor_url: "https://uptimerobot.com/integrations/webhooks-integration/",
  docs: "docs/sources/uptimerobot.md",
  options: {
    rules: [
      {
        match: { "log.data.alertTypeFriendlyName": { $regex: "test", $options: "i" } },
        actions: [{ type: "test", reason: "UptimeRobot's test notification." }],
      },
      {
        match: {
          $or: [
            { "log.data.alertTypeFriendlyName": { $regex: "^down$", $options: "i" } },
            { "log.data.alertType": { $in: ["1", 1] } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.monitorID }}",
            title: "{{ log.data.monitorFriendlyName | default: log.data.monitorURL | default: 'A monitor' }} is down",
            description: "{{ log.data.alertDetails }}",
            urgency: "high",
            additional_data: [
              { format: "link", label: "Monitored", value: "{{ log.data.monitorURL }}" },
              {
                format: "link",
                label: "Monitor",
                value:
                  "{% if log.data.monitorID %}https://dashboard.uptimerobot.com/monitors/{{ log.data.monitorID }}{% endif %}",
              },
            ],
          },
        ],
      },
      {
        match: {
          $or: [
            { "log.data.alertTypeFriendlyName": { $regex: "^up$", $options: "i" } },
            { "log.data.alertType": { $in: ["2", 2] } },
          ],
        },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.monitorID }}" }],
      },
      {
        match: { "log.data.alertType": { $in: ["3", 3] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.monitorID }}:certificate",
            title: "The certificate of {{ log.data.monitorFriendlyName | default: log.data.monitorURL }} expires soon",
            description: "{{ log.data.alertDetails }}",
            urgency: "medium",
            additional_data: [{ format: "link", label: "Monitored", value: "{{ log.data.monitorURL }}" }],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "alertType is not down, up or certificate." }] },
  },
};
