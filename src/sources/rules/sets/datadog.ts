import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.ALERT_CYCLE_KEY | default: log.data.AGGREG_KEY | default: log.data.ALERT_ID }}";

// After the priority, such as "[P2] [TEST] …". Few choices, so that long titles cost little.
const TEST = "^([[]P.. )?[[]TEST]";

// A monitor's own priority if it has one, else the kind of the event.
const URGENCY = [
  '{% case log.data.ALERT_PRIORITY %}{% when "P1" %}critical{% when "P2" %}high{% when "P3" %}medium',
  '{% when "P4", "P5" %}low{% else %}',
  '{% case log.data.ALERT_TYPE %}{% when "error" %}high{% when "warning" %}medium{% when "info" %}low{% endcase %}',
  "{% endcase %}",
].join("");

/** https://docs.datadoghq.com/integrations/webhooks/ (the body of the docs page) */
export const datadog: RuleSet = {
  name: "datadog",
  title: "Datadog",
  category: "monitoring",
  vendor_url: "https://docs.datadoghq.com/integrations/webhooks/",
  docs: "docs/sources/datadog.md",
  options: {
    rules: [
      {
        // https://docs.datadoghq.com/monitors/notify/#events-1 says that the title of a test has this mark.
        match: {
          $or: [{ "log.data.ALERT_TITLE": { $regex: TEST } }, { "log.data.EVENT_TITLE": { $regex: TEST } }],
        },
        actions: [{ type: "test", reason: "Datadog's test notification." }],
      },
      {
        match: { "log.data.ALERT_TRANSITION": { $regex: "recovered$", $options: "i" } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.ALERT_TRANSITION": { $regex: "^acknowledged$", $options: "i" } },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.ALERT_TRANSITION": { $regex: "^(re-?)?(triggered|warn|no data|notify)", $options: "i" } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.ALERT_TITLE | default: log.data.EVENT_TITLE | default: 'Alert of Datadog' }}",
            description: "{{ log.data.EVENT_MSG | default: log.data.ALERT_STATUS }}",
            urgency: URGENCY,
            tags: "{{ log.data.TAGS }}",
            additional_data: [
              { format: "link", label: "Event", value: "{{ log.data.LINK }}" },
              { format: "img", label: "Graph", value: "{{ log.data.SNAPSHOT }}" },
              { format: "text", label: "Transition", value: "{{ log.data.ALERT_TRANSITION }}" },
              { format: "text", label: "Scope", value: "{{ log.data.ALERT_SCOPE }}" },
              { format: "text", label: "Host", value: "{{ log.data.HOSTNAME }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "ALERT_TRANSITION is not one that opens or closes an alert." }] },
  },
};
