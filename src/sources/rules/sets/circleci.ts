import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.project.slug }}:{{ log.data.workflow.name }}:{{ log.data.pipeline.vcs.branch }}";

/** https://circleci.com/docs/webhooks-reference/ */
export const circleci: RuleSet = {
  name: "circleci",
  title: "CircleCI",
  category: "deployment",
  vendor_url: "https://circleci.com/docs/webhooks-reference/",
  docs: "docs/sources/circleci.md",
  recognized_by: {
    "log.data.webhook.id": { $exists: true },
    "log.data.type": { $in: ["job-completed", "ping", "workflow-completed"] },
  },
  options: {
    rules: [
      {
        match: { "log.data.type": "ping" },
        actions: [{ type: "test", reason: "CircleCI's ping." }],
      },
      {
        match: {
          "log.data.type": "workflow-completed",
          "log.data.workflow.status": { $in: ["failed", "error", "unauthorized"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.workflow.name | default: 'A workflow' }} failed on {{ log.data.pipeline.vcs.branch | default: 'a branch' }} of {{ log.data.project.name | default: 'a project' }}",
            description: "{{ log.data.pipeline.vcs.commit.subject }}",
            urgency: "high",
            tags: ["{{ log.data.organization.name }}", "{{ log.data.workflow.status }}"],
            additional_data: [
              { format: "link", label: "Workflow", value: "{{ log.data.workflow.url }}" },
              { format: "text", label: "Commit", value: "{{ log.data.pipeline.vcs.revision }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.type": "workflow-completed", "log.data.workflow.status": "success" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.type": { $in: ["workflow-completed", "job-completed"] } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is neither a workflow nor a job." }] },
  },
};
