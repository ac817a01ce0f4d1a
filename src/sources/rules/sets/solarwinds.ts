import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.object_id }}";
const URGENCY = [
  "{% assign severity = log.data.severity | downcase %}{% case severity %}",
  '{% when "critical" %}critical{% when "serious" %}high{% when "warning" %}medium{% when "notice", "informational" %}low{% endcase %}',
].join("");

/** https://documentation.solarwinds.com/en/success_center/orionplatform/content/core-general-alert-variables-sw1121.htm */
export const solarwinds: RuleSet = {
  name: "solarwinds",
  title: "SolarWinds Platform",
  category: "infrastructure",
  vendor_url:
    "https://documentation.solarwinds.com/en/success_center/orionplatform/content/core-general-alert-variables-sw1121.htm",
  docs: "docs/sources/solarwinds.md",
  options: {
    rules: [
      {
        match: { "log.data.state": "reset", "log.data.object_id": { $exists: true } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.state": "acknowledged", "log.data.object_id": { $exists: true } },
        actions: [{ type: "acknowledge", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.state": "active", "log.data.object_id": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.alert | default: 'Active alert' }}: {{ log.data.object | default: log.data.object_id }}",
            description: "{{ log.data.message }}",
            urgency: URGENCY,
            additional_data: [{ format: "link", label: "Alert", value: "{{ log.data.url }}" }],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "state is not active, acknowledged or reset." }] },
  },
};
