import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.TestID | default: log.data.URL }}";

/** A form, or a query with the method GET. https://www.statuscake.com/kb/knowledge-base/how-to-use-the-web-hook-url/ */
export const statuscake: RuleSet = {
  name: "statuscake",
  title: "StatusCake",
  category: "uptime",
  vendor_url: "https://www.statuscake.com/kb/knowledge-base/how-to-use-the-web-hook-url/",
  docs: "docs/sources/statuscake.md",
  options: {
    rules: [
      {
        match: { "log.data.Status": { $regex: "^down$", $options: "i" } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: "{{ log.data.Name | default: log.data.URL | default: 'A test' }} is down",
            description: "{% if log.data.StatusCode %}Status code {{ log.data.StatusCode }}{% endif %}",
            urgency: "high",
            tags: "{{ log.data.Tags }}",
            additional_data: [
              { format: "link", label: "Monitored", value: "{{ log.data.URL }}" },
              { format: "text", label: "Address", value: "{{ log.data.IP }}" },
              { format: "text", label: "Method", value: "{{ log.data.Method }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.Status": { $regex: "^up$", $options: "i" } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "Status is neither Down nor Up." }] },
  },
};
