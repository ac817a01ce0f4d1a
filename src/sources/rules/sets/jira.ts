import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.issue.id | default: log.data.issue.key }}";
const FIELDS = "log.data.issue.fields";

// The names of a new project, and those of older ones.
const URGENCY = [
  `{% assign priority = ${FIELDS}.priority.name | downcase %}{% case priority %}`,
  '{% when "highest", "blocker", "critical" %}critical{% when "high", "major" %}high',
  '{% when "medium" %}medium{% when "low", "lowest", "minor", "trivial" %}low{% endcase %}',
].join("");

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
export const jira: RuleSet = {
  name: "jira",
  title: "Jira",
  category: "code",
  vendor_url: "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
  docs: "docs/sources/jira.md",
  options: {
    rules: [
      {
        match: {
          "log.data.webhookEvent": { $in: ["jira:issue_created", "jira:issue_updated"] },
          "log.data.issue.fields.status.statusCategory.key": "done",
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.webhookEvent": "jira:issue_deleted" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.webhookEvent": { $in: ["jira:issue_created", "jira:issue_updated"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ log.data.issue.key | default: "Issue" }}: {{ ${FIELDS}.summary }}`,
            description: `{{ ${FIELDS}.description }}`,
            urgency: URGENCY,
            tags: `{{ ${FIELDS}.project.key }},{{ ${FIELDS}.labels | join: "," }}`,
            additional_data: [
              // The body has the address of the API only.
              {
                format: "link",
                label: "Issue",
                value:
                  '{% if log.data.issue.key %}{{ log.data.issue.self | split: "/rest/" | first }}/browse/{{ log.data.issue.key }}{% endif %}',
              },
              { format: "text", label: "Status", value: `{{ ${FIELDS}.status.name }}` },
              { format: "text", label: "Type", value: `{{ ${FIELDS}.issuetype.name }}` },
              { format: "text", label: "Assignee", value: `{{ ${FIELDS}.assignee.displayName }}` },
              { format: "text", label: "By", value: "{{ log.data.user.displayName }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.webhookEvent": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no webhookEvent." }] },
  },
};
