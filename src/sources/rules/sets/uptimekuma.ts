import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.heartbeat.monitorID | default: log.data.monitor.id | default: log.data.id }}";

/** https://github.com/louislam/uptime-kuma: a heartbeat's status is 0 down, 1 up, 2 pending, 3 maintenance. */
export const uptimekuma: RuleSet = {
  name: "uptimekuma",
  title: "Uptime Kuma",
  category: "uptime",
  vendor_url: "https://github.com/louislam/uptime-kuma/wiki/Notification-Methods",
  docs: "docs/sources/uptimekuma.md",
  recognized_by: {
    "log.data.heartbeat": { $exists: true },
    "log.data.monitor": { $exists: true },
    "log.data.msg": { $exists: true },
  },
  options: {
    // As form data, the body is JSON in a field; with GET, heartbeat and monitor are JSON in the query.
    preprocess: [{ type: "parse_json" }, { type: "unwrap_data" }],
    rules: [
      {
        match: { "log.data.heartbeat.status": 0 },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.monitor.name | default: log.data.title | default: 'A monitor' }} is down",
            description: "{{ log.data.heartbeat.msg | default: log.data.msg }}",
            urgency: "high",
            tags: '{% for tag in log.data.monitor.tags %}{{ tag.name }}{% if tag.value and tag.value != "" %}:{{ tag.value | replace: ",", ";" }}{% endif %},{% endfor %}',
            additional_data: [
              {
                format: "link",
                label: "Monitored",
                // Monitors of other types than HTTP send this placeholder as their URL.
                value: '{% unless log.data.monitor.url == "https://" %}{{ log.data.monitor.url }}{% endunless %}',
              },
              { format: "text", label: "Host", value: "{{ log.data.monitor.hostname }}" },
              { format: "text", label: "Type", value: "{{ log.data.monitor.type }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.heartbeat.status": 1 },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.heartbeat.status": { $in: [2, 3] } },
        actions: [{ type: "ignore", reason: "The monitor is pending or under maintenance." }],
      },
      {
        // The button "Test" sends a message without a heartbeat: server/notification.js, `Notification.send`.
        match: { "log.data.heartbeat": null, "log.data.msg": { $regex: "Testing$" } },
        actions: [{ type: "test", reason: "Uptime Kuma's test notification." }],
      },
      {
        // Notifications about certificates and domains have no heartbeat: "[name][url] … certificate … will expire in 7 days".
        match: { "log.data.msg": { $regex: "(certificate|domain) .*(expire|expired) in", $options: "i" } },
        actions: [
          {
            type: "create",
            thirdparty_id: 'certificate:{{ log.data.msg | split: " will " | first }}',
            title: "{{ log.data.msg }}",
            urgency: "medium",
          },
        ],
      },
    ],
    default: {
      actions: [{ type: "ignore", reason: "There is no heartbeat: a test, or not a monitor's notification." }],
    },
  },
};
