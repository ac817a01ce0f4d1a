import type { RuleSet } from "./rule-set.ts";

const TITLE = "{{ log.data.message | default: 'Event of Honeybadger' }}";

/** https://docs.honeybadger.io/guides/integrations/webhook/ */
export const honeybadger: RuleSet = {
  name: "honeybadger",
  title: "Honeybadger",
  category: "errors",
  vendor_url: "https://docs.honeybadger.io/guides/integrations/webhook/",
  docs: "docs/sources/honeybadger.md",
  options: {
    rules: [
      {
        match: { "log.data.event": { $in: ["occurred", "unresolved", "rate_exceeded", "volume_spike"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "fault:{{ log.data.fault.id }}",
            title: TITLE,
            description: "{{ log.data.fault.message }}",
            urgency:
              '{% if log.data.event == "rate_exceeded" or log.data.event == "volume_spike" %}high{% else %}medium{% endif %}',
            tags: '{% if log.data.fault.environment %}{{ log.data.fault.environment }},{% endif %}{{ log.data.fault.tags | join: "," }}',
            additional_data: [
              { format: "link", label: "Fault", value: "{{ log.data.fault.url }}" },
              { format: "text", label: "Project", value: "{{ log.data.project.name }}" },
              { format: "text", label: "Notices", value: "{{ log.data.fault.notices_count }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.event": "assigned" },
        actions: [{ type: "acknowledge", thirdparty_id: "fault:{{ log.data.fault.id }}" }],
      },
      {
        match: { "log.data.event": "resolved" },
        actions: [{ type: "resolve", thirdparty_id: "fault:{{ log.data.fault.id }}" }],
      },
      {
        match: { "log.data.event": "down" },
        actions: [
          {
            type: "create",
            thirdparty_id: "site:{{ log.data.site.id }}",
            title: TITLE,
            description: "{{ log.data.outage.reason }}",
            urgency: "high",
            additional_data: [
              {
                format: "link",
                label: "Outage",
                value: "{{ log.data.outage.details_url | default: log.data.site.details_url }}",
              },
              { format: "link", label: "Monitored", value: "{{ log.data.site.url }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.event": "up" },
        actions: [{ type: "resolve", thirdparty_id: "site:{{ log.data.site.id }}" }],
      },
      {
        match: { "log.data.event": "check_in_missing" },
        actions: [
          {
            type: "create",
            thirdparty_id: "check_in:{{ log.data.check_in.id }}",
            title: TITLE,
            urgency: "high",
            additional_data: [
              { format: "link", label: "Check-in", value: "{{ log.data.check_in.details_url }}" },
              { format: "datetime", label: "Expected at", value: "{{ log.data.check_in.expected_at }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.event": "check_in_reporting" },
        actions: [{ type: "resolve", thirdparty_id: "check_in:{{ log.data.check_in.id }}" }],
      },
      {
        match: { "log.data.event": "alarm_alert" },
        actions: [
          {
            type: "create",
            thirdparty_id: "alarm:{{ log.data.alarm.id }}",
            title: TITLE,
            urgency: "high",
            additional_data: [
              {
                format: "link",
                label: "Alarm",
                value: "{{ log.data.alarm.url | default: log.data.alarm.details_url }}",
              },
            ],
          },
        ],
      },
      {
        match: { "log.data.event": "alarm_ok" },
        actions: [{ type: "resolve", thirdparty_id: "alarm:{{ log.data.alarm.id }}" }],
      },
      {
        match: { "log.data.event": "cert_will_expire" },
        actions: [
          {
            type: "create",
            thirdparty_id: "certificate:{{ log.data.site.id }}",
            title: TITLE,
            urgency: "medium",
            additional_data: [
              { format: "link", label: "Site", value: "{{ log.data.site.details_url }}" },
              { format: "datetime", label: "Expires at", value: "{{ log.data.site.cert_will_expire_at }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "An event that concerns no alert." }] },
  },
};
