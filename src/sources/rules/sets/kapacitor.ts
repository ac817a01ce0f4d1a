import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

/** https://docs.influxdata.com/kapacitor/v1/reference/event_handlers/post/ */
export const kapacitor: RuleSet = {
  name: "kapacitor",
  title: "Kapacitor",
  category: "monitoring",
  vendor_url: "https://docs.influxdata.com/kapacitor/v1/reference/event_handlers/post/",
  docs: "docs/sources/kapacitor.md",
  options: {
    rules: [
      {
        match: { "log.data.level": "OK" },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.id }}" }],
      },
      {
        match: { "log.data.level": { $in: ["INFO", "WARNING", "CRITICAL"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.id }}",
            title: "{{ log.data.message | default: log.data.id | default: 'Alert of Kapacitor' }}",
            description: "{{ log.data.details | strip_html | strip }}",
            urgency: urgencyFrom("log.data.level"),
            tags: '{% for tag in log.data.data.series[0].tags %}{{ tag[0] }}:{{ tag[1] | replace: ",", ";" }},{% endfor %}',
            additional_data: [
              { format: "text", label: "Measurement", value: "{{ log.data.data.series[0].name }}" },
              { format: "text", label: "Level before", value: "{{ log.data.previousLevel }}" },
              { format: "datetime", label: "Time", value: "{{ log.data.time }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "level is not one that is known." }] },
  },
};
