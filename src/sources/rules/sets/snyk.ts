import type { RuleSet } from "./rule-set.ts";

/** https://docs.snyk.io/snyk-api/using-specific-snyk-apis/webhooks-apis/webhooks */
export const snyk: RuleSet = {
  name: "snyk",
  title: "Snyk",
  category: "security",
  vendor_url: "https://docs.snyk.io/snyk-api/using-specific-snyk-apis/webhooks-apis/webhooks",
  docs: "docs/sources/snyk.md",
  recognized_by: { "log.headers.x-snyk-event": { $exists: true } },
  options: {
    rules: [
      {
        match: { "log.data.webhookId": { $exists: true }, "log.data.project": { $exists: false } },
        actions: [{ type: "test", reason: "Snyk's ping." }],
      },
      {
        match: { "log.data.project.id": { $exists: true }, "log.data.newIssues.0": { $exists: true } },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.project.id }}",
            title:
              "{{ log.data.project.name | default: 'A project' }}: {{ log.data.newIssues[0].issueData.title | default: 'a new issue' }} in {{ log.data.newIssues[0].pkgName | default: 'a package' }}{% assign count = log.data.newIssues | size %}{% if count > 1 %} and {{ count | minus: 1 }} more{% endif %}",
            description:
              "{% for issue in log.data.newIssues limit: 20 %}{{ issue.issueData.severity }}: {{ issue.issueData.title }} ({{ issue.pkgName }})\n{% endfor %}",
            urgency:
              '{% assign severities = log.data.newIssues | map: \'issueData.severity\' %}{% if severities contains "critical" %}critical{% elsif severities contains "high" %}high{% elsif severities contains "medium" %}medium{% elsif severities contains "low" %}low{% endif %}',
            tags: ["{{ log.data.org.name }}", "{{ log.data.project.origin }}"],
            additional_data: [
              { format: "link", label: "Project", value: "{{ log.data.project.browseUrl }}" },
              { format: "link", label: "Issue", value: "{{ log.data.newIssues[0].issueData.url }}" },
              { format: "text", label: "Removed issues", value: "{{ log.data.removedIssues | size }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.project.id": { $exists: true }, "log.data.newIssues": { $exists: true } },
        actions: [{ type: "receive", reason: "The test found no new issue." }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is no snapshot of a project." }] },
  },
};
