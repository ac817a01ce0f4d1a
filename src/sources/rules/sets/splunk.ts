import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const NAME = "{{ log.data.search_name | default: log.data.sid | default: 'A search' }}";

/** https://help.splunk.com/splunk-enterprise/alert-and-respond/alerting-manual/10.0/configure-alert-actions/use-a-webhook-alert-action */
export const splunk: RuleSet = {
  name: "splunk",
  title: "Splunk",
  category: "logs",
  vendor_url:
    "https://help.splunk.com/splunk-enterprise/alert-and-respond/alerting-manual/10.0/configure-alert-actions/use-a-webhook-alert-action",
  docs: "docs/sources/splunk.md",
  options: {
    rules: [
      {
        match: { "log.data.sid": { $exists: true }, "log.data.results_link": { $exists: true } },
        actions: [
          {
            type: "create",
            // The id of the search is another one at each run.
            thirdparty_id: `{{ log.data.app }}/${NAME}`,
            title: `${NAME}{% if log.data.result.host %} on {{ log.data.result.host }}{% endif %} found results`,
            description: "{% for field in log.data.result %}{{ field[0] }}: {{ field[1] }}\n{% endfor %}",
            urgency: urgencyFrom("log.data.result.urgency | default: log.data.result.severity"),
            tags: ["{{ log.data.app }}", "{{ log.data.owner }}"],
            additional_data: [
              { format: "link", label: "Results", value: "{{ log.data.results_link }}" },
              { format: "text", label: "Search id", value: "{{ log.data.sid }}" },
            ],
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no sid and results_link." }] },
  },
};
