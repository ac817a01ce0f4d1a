import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

const ATTRIBUTES = "log.data.object_attributes";
const PROJECT = "{{ log.data.project.path_with_namespace | default: log.data.project.name | default: 'a project' }}";
const ISSUE = `issue:${PROJECT}#{{ ${ATTRIBUTES}.iid }}`;
const PIPELINE = `pipeline:${PROJECT}:{{ ${ATTRIBUTES}.ref }}`;
const DEPLOYMENT = `deployment:${PROJECT}:{{ log.data.environment }}`;
const VULNERABILITY = `{{ ${ATTRIBUTES}.url | default: ${ATTRIBUTES}.title }}`;
const IS_ISSUE = { "log.data.object_kind": { $in: ["issue", "work_item"] } };

/** https://docs.gitlab.com/user/project/integrations/webhook_events/ */
export const gitlab: RuleSet = {
  name: "gitlab",
  title: "GitLab",
  category: "code",
  vendor_url: "https://docs.gitlab.com/user/project/integrations/webhook_events/",
  docs: "docs/sources/gitlab.md",
  recognized_by: { "log.headers.x-gitlab-event": { $exists: true } },
  options: {
    rules: [
      {
        match: { "log.data.object_kind": "pipeline", "log.data.object_attributes.status": "failed" },
        actions: [
          {
            type: "create",
            thirdparty_id: PIPELINE,
            title: `Pipeline failed on {{ ${ATTRIBUTES}.ref | default: "a branch" }} of ${PROJECT}`,
            description: "{{ log.data.commit.title }}",
            urgency: "high",
            tags: [`{{ ${ATTRIBUTES}.source }}`],
            additional_data: [
              {
                format: "link",
                label: "Pipeline",
                value: `{% if ${ATTRIBUTES}.url %}{{ ${ATTRIBUTES}.url }}{% else %}{{ log.data.project.web_url }}/-/pipelines/{{ ${ATTRIBUTES}.id }}{% endif %}`,
              },
              { format: "link", label: "Commit", value: "{{ log.data.commit.url }}" },
              { format: "text", label: "By", value: "{{ log.data.user.username }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.object_kind": "pipeline", "log.data.object_attributes.status": "success" },
        actions: [{ type: "resolve", thirdparty_id: PIPELINE }],
      },
      {
        match: { "log.data.object_kind": "deployment", "log.data.status": "failed" },
        actions: [
          {
            type: "create",
            thirdparty_id: DEPLOYMENT,
            title: `Deployment of ${PROJECT} to {{ log.data.environment | default: "an environment" }} failed`,
            description: "{{ log.data.commit_title }}",
            urgency: "high",
            additional_data: [
              { format: "link", label: "Job", value: "{{ log.data.deployable_url }}" },
              { format: "link", label: "Environment", value: "{{ log.data.environment_external_url }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.object_kind": "deployment", "log.data.status": "success" },
        actions: [{ type: "resolve", thirdparty_id: DEPLOYMENT }],
      },
      {
        match: {
          "log.data.object_kind": "vulnerability",
          "log.data.object_attributes.state": { $in: ["detected", "confirmed"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: VULNERABILITY,
            title: `{{ ${ATTRIBUTES}.title | default: "Vulnerability" }}`,
            urgency: urgencyFrom(`${ATTRIBUTES}.severity`),
            tags: `{{ ${ATTRIBUTES}.report_type }},{% for identifier in ${ATTRIBUTES}.identifiers %}{{ identifier.name | replace: ",", ";" }},{% endfor %}`,
            additional_data: [{ format: "link", label: "Vulnerability", value: `{{ ${ATTRIBUTES}.url }}` }],
          },
        ],
      },
      {
        match: {
          "log.data.object_kind": "vulnerability",
          "log.data.object_attributes.state": { $in: ["dismissed", "resolved"] },
        },
        actions: [{ type: "resolve", thirdparty_id: VULNERABILITY }],
      },
      {
        // A change of the severity is told by an update.
        match: {
          ...IS_ISSUE,
          $or: [
            { "log.data.object_attributes.action": { $in: ["open", "reopen"] } },
            { "log.data.object_attributes.action": "update", "log.data.changes.severity": { $exists: true } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: ISSUE,
            title: `{{ ${ATTRIBUTES}.title | default: "Issue" }} (${PROJECT}#{{ ${ATTRIBUTES}.iid }})`,
            description: `{{ ${ATTRIBUTES}.description }}`,
            urgency: urgencyFrom(`${ATTRIBUTES}.severity`),
            tags: "{% for label in log.data.labels %}{{ label.title | replace: ',', ';' }},{% endfor %}",
            additional_data: [
              { format: "link", label: "Issue", value: `{{ ${ATTRIBUTES}.url }}` },
              { format: "text", label: "By", value: "{{ log.data.user.username }}" },
            ],
          },
        ],
      },
      {
        match: { ...IS_ISSUE, "log.data.object_attributes.action": "close" },
        actions: [{ type: "resolve", thirdparty_id: ISSUE }],
      },
      {
        match: { $or: [{ "log.data.object_kind": { $exists: true } }, { "log.data.event_name": { $exists: true } }] },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no object_kind." }] },
  },
};
