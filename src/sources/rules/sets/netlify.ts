import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.site_id }}:{{ log.data.context }}:{{ log.data.branch }}";

/** https://docs.netlify.com/deploy/deploy-notifications/ */
export const netlify: RuleSet = {
  name: "netlify",
  title: "Netlify",
  category: "deployment",
  vendor_url: "https://docs.netlify.com/deploy/deploy-notifications/",
  docs: "docs/sources/netlify.md",
  options: {
    rules: [
      {
        match: { "log.data.site_id": { $exists: true }, "log.data.state": "error" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "Deploy of {{ log.data.name | default: 'a site' }} from {{ log.data.branch | default: log.data.context | default: 'a branch' }} failed",
            description: "{{ log.data.error_message }}",
            urgency: "high",
            tags: ["{{ log.data.context }}"],
            additional_data: [
              {
                format: "link",
                label: "Deploy",
                value:
                  "{% if log.data.admin_url and log.data.id %}{{ log.data.admin_url }}/deploys/{{ log.data.id }}{% endif %}",
              },
              { format: "link", label: "Commit", value: "{{ log.data.commit_url }}" },
              { format: "text", label: "Title", value: "{{ log.data.title }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.site_id": { $exists: true }, "log.data.state": "ready" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.site_id": { $exists: true }, "log.data.state": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not a deploy." }] },
  },
};
