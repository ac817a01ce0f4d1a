import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const KEY =
  "{{ log.data.Id | default: log.data.rule | default: log.data.title }}{% if log.data.key and log.data.key != '' %}:{{ log.data.key }}{% endif %}";

/**
 * The body of the docs page, and that of ElastAlert's own PagerTree alerter. ElastAlert sends each match, and nothing when matches
 * cease. https://elastalert2.readthedocs.io/en/latest/alerts.html
 */
export const elastalert: RuleSet = {
  name: "elastalert",
  title: "ElastAlert",
  category: "monitoring",
  vendor_url: "https://elastalert2.readthedocs.io/en/latest/alerts.html",
  docs: "docs/sources/elastalert.md",
  options: {
    rules: [
      {
        match: { $or: [{ "log.data.status": "resolved" }, { "log.data.event_type": "resolve" }] },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: {
          $or: [
            { "log.data.rule": { $exists: true } },
            { "log.data.event_type": "create", "log.data.Id": { $exists: true } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.title | default: log.data.Title | default: log.data.rule | default: 'A match' }}",
            description: "{{ log.data.description | default: log.data.Description }}",
            urgency: urgencyFrom("log.data.severity"),
            tags: "{{ log.data.tags }}",
            additional_data: [
              { format: "link", label: "Kibana", value: "{{ log.data.link }}" },
              { format: "text", label: "Index", value: "{{ log.data.index }}" },
              { format: "text", label: "Matched by", value: "{{ log.data.key }}" },
              { format: "datetime", label: "Matched at", value: "{{ log.data.timestamp }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body names no rule." }] },
  },
};
