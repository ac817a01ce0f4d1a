import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.check_id }}";
const URGENCY = [
  '{% case log.data.alert_type %}{% when "ALERT_FAILURE", "ALERT_DEGRADED_FAILURE" %}high',
  '{% when "ALERT_DEGRADED", "ALERT_DEGRADED_REMAIN" %}medium{% endcase %}',
].join("");
const COMMON = [
  { format: "link", label: "Result", value: "{{ log.data.result_link }}" },
  { format: "text", label: "Location", value: "{{ log.data.run_location }}" },
  { format: "text", label: "Response time (ms)", value: "{{ log.data.response_time }}" },
] as const;

/** https://www.checklyhq.com/docs/integrations/alerts/webhooks/ */
export const checkly: RuleSet = {
  name: "checkly",
  title: "Checkly",
  category: "uptime",
  vendor_url: "https://www.checklyhq.com/docs/integrations/alerts/webhooks/",
  docs: "docs/sources/checkly.md",
  options: {
    rules: [
      {
        match: { "log.data.alert_type": { $in: ["ALERT_RECOVERY", "ALERT_DEGRADED_RECOVERY"] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.alert_type": "ALERT_SSL" },
        actions: [
          {
            type: "create",
            thirdparty_id: `certificate:${KEY}`,
            title:
              "The certificate of {{ log.data.check_name | default: 'a check' }} expires in {{ log.data.ssl_days_remaining | default: 'a few' }} days",
            urgency: "medium",
            tags: "{{ log.data.tags }}",
            additional_data: COMMON,
          },
        ],
      },
      {
        match: { "log.data.alert_type": { $regex: "^ALERT_(FAILURE|DEGRADED)" } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.alert_title | default: log.data.check_name | default: 'A check has failed' }}",
            description: "{{ log.data.error_message }}",
            urgency: URGENCY,
            tags: "{{ log.data.tags }}",
            additional_data: COMMON,
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "alert_type is not one of Checkly's." }] },
  },
};
