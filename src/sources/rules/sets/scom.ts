import type { RuleSet } from "./rule-set.ts";

/** https://learn.microsoft.com/en-us/system-center/scom/manage-notifications-enable-command-channel */
export const scom: RuleSet = {
  name: "scom",
  title: "Microsoft SCOM",
  category: "monitoring",
  logo: "microsoft",
  vendor_url: "https://learn.microsoft.com/en-us/system-center/scom/manage-notifications-enable-command-channel",
  docs: "docs/sources/scom.md",
  options: {
    rules: [
      {
        match: { "log.data.source": "scom", "log.data.resolution_state": { $in: [255, "255"] } },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.alert_id }}" }],
      },
      {
        match: { "log.data.source": "scom", "log.data.resolution_state": { $in: [249, "249"] } },
        actions: [{ type: "acknowledge", thirdparty_id: "{{ log.data.alert_id }}" }],
      },
      {
        match: { "log.data.source": "scom", "log.data.alert_id": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.alert_id }}",
            title:
              "{{ log.data.name | default: 'An alert' }}{% if log.data.object and log.data.object != '' %} on {{ log.data.object }}{% endif %}",
            description: "{{ log.data.description }}",
            urgency:
              '{% case log.data.severity %}{% when "Error" %}high{% when "Warning" %}medium{% when "Information" %}low{% endcase %}',
            tags: ["{{ log.data.priority }}"],
            additional_data: [
              { format: "text", label: "Path", value: "{{ log.data.path }}" },
              { format: "datetime", label: "Raised at", value: "{{ log.data.raised_at }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "source is not scom, or alert_id is missing." }] },
  },
};
