import type { RuleSet } from "./rule-set.ts";
import { urgencyFrom } from "./severity.ts";

// Keys name the repository: a webhook of an organization sends the events of all its repositories.
const REPOSITORY = "{{ log.data.repository.full_name | default: log.data.organization.login }}";
const ISSUE = `issue:${REPOSITORY}#{{ log.data.issue.number }}`;
const WORKFLOW = `workflow:${REPOSITORY}:{{ log.data.workflow_run.workflow_id }}:{{ log.data.workflow_run.head_branch }}`;
const DEPLOYMENT = `deployment:${REPOSITORY}:{{ log.data.deployment_status.environment }}`;
const DEPENDENCY = `dependabot:${REPOSITORY}#{{ log.data.alert.number }}`;
const CODE = `code-scanning:${REPOSITORY}#{{ log.data.alert.number }}`;
const SECRET = `secret-scanning:${REPOSITORY}#{{ log.data.alert.number }}`;
const VULNERABILITY = `vulnerability:${REPOSITORY}:{{ log.data.alert.id }}`;

const OPENED = ["created", "reopened", "reopened_by_user", "auto_reopened", "reintroduced", "appeared_in_branch"];
const CLOSED = ["fixed", "dismissed", "auto_dismissed", "closed_by_user", "resolved"];

const ADVISORY = "log.data.alert.security_advisory";
const CODE_SEVERITY = "log.data.alert.rule.security_severity_level | default: log.data.alert.rule.severity";

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export const github: RuleSet = {
  name: "github",
  title: "GitHub",
  category: "code",
  vendor_url: "https://docs.github.com/en/webhooks/webhook-events-and-payloads",
  docs: "docs/sources/github.md",
  recognized_by: { "log.headers.x-github-event": { $exists: true } },
  options: {
    rules: [
      {
        // The first delivery to a new webhook.
        match: { "log.data.zen": { $exists: true }, "log.data.hook": { $exists: true } },
        actions: [{ type: "test", reason: "GitHub's ping." }],
      },
      {
        match: {
          "log.data.workflow_run": { $exists: true },
          "log.data.action": "completed",
          "log.data.workflow_run.conclusion": { $in: ["failure", "timed_out", "startup_failure"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: WORKFLOW,
            title: `{{ log.data.workflow_run.name | default: "A workflow" }} failed on {{ log.data.workflow_run.head_branch | default: "a branch" }} of ${REPOSITORY}`,
            description: "{{ log.data.workflow_run.head_commit.message }}",
            urgency: "high",
            tags: ["{{ log.data.workflow_run.event }}", "{{ log.data.workflow_run.conclusion }}"],
            additional_data: [
              { format: "link", label: "Run", value: "{{ log.data.workflow_run.html_url }}" },
              { format: "text", label: "Commit", value: "{{ log.data.workflow_run.head_sha }}" },
              { format: "text", label: "By", value: "{{ log.data.sender.login }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.workflow_run": { $exists: true }, "log.data.workflow_run.conclusion": "success" },
        actions: [{ type: "resolve", thirdparty_id: WORKFLOW }],
      },
      {
        match: { "log.data.deployment_status.state": { $in: ["failure", "error"] } },
        actions: [
          {
            type: "create",
            thirdparty_id: DEPLOYMENT,
            title: `Deployment of ${REPOSITORY} to {{ log.data.deployment_status.environment | default: "an environment" }} failed`,
            description: "{{ log.data.deployment_status.description }}",
            urgency: "high",
            additional_data: [
              {
                format: "link",
                label: "Deployment",
                value:
                  "{{ log.data.deployment_status.target_url | default: log.data.deployment_status.log_url | default: log.data.repository.html_url }}",
              },
              { format: "text", label: "Commit", value: "{{ log.data.deployment.sha }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.deployment_status.state": "success" },
        actions: [{ type: "resolve", thirdparty_id: DEPLOYMENT }],
      },
      {
        match: { "log.data.alert.security_advisory": { $exists: true }, "log.data.action": { $in: OPENED } },
        actions: [
          {
            type: "create",
            thirdparty_id: DEPENDENCY,
            title: `{{ ${ADVISORY}.summary | default: "Vulnerable dependency" }} ({{ log.data.alert.dependency.package.name }}) in ${REPOSITORY}`,
            description: `{{ ${ADVISORY}.description }}`,
            urgency: urgencyFrom(`${ADVISORY}.severity`),
            tags: [`{{ ${ADVISORY}.ghsa_id }}`, `{{ ${ADVISORY}.cve_id }}`, "{{ log.data.alert.dependency.scope }}"],
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.alert.html_url }}" },
              { format: "text", label: "Manifest", value: "{{ log.data.alert.dependency.manifest_path }}" },
              {
                format: "text",
                label: "Vulnerable",
                value: "{{ log.data.alert.security_vulnerability.vulnerable_version_range }}",
              },
            ],
          },
        ],
      },
      {
        match: { "log.data.alert.security_advisory": { $exists: true }, "log.data.action": { $in: CLOSED } },
        actions: [{ type: "resolve", thirdparty_id: DEPENDENCY }],
      },
      {
        match: { "log.data.alert.rule": { $exists: true }, "log.data.action": { $in: OPENED } },
        actions: [
          {
            type: "create",
            thirdparty_id: CODE,
            title: `${REPOSITORY}: {{ log.data.alert.rule.description | default: log.data.alert.rule.id | default: "code scanning alert" }}`,
            description: "{{ log.data.alert.rule.full_description }}",
            urgency: `${urgencyFrom(CODE_SEVERITY)}{% if severity == "note" %}low{% endif %}`,
            tags: ["{{ log.data.alert.tool.name }}", "{{ log.data.alert.rule.id }}"],
            additional_data: [
              { format: "link", label: "Alert", value: "{{ log.data.alert.html_url }}" },
              { format: "text", label: "Reference", value: "{{ log.data.ref }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.alert.rule": { $exists: true }, "log.data.action": { $in: CLOSED } },
        actions: [{ type: "resolve", thirdparty_id: CODE }],
      },
      {
        match: {
          "log.data.alert.secret_type": { $exists: true },
          "log.data.action": { $in: [...OPENED, "publicly_leaked"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: SECRET,
            title: `{{ log.data.alert.secret_type_display_name | default: log.data.alert.secret_type | default: "A secret" }} was found in ${REPOSITORY}`,
            urgency: "critical",
            additional_data: [{ format: "link", label: "Alert", value: "{{ log.data.alert.html_url }}" }],
          },
        ],
      },
      {
        match: { "log.data.alert.secret_type": { $exists: true }, "log.data.action": { $in: CLOSED } },
        actions: [{ type: "resolve", thirdparty_id: SECRET }],
      },
      {
        // repository_vulnerability_alert, which dependabot_alert replaces.
        match: {
          "log.data.alert.affected_package_name": { $exists: true },
          "log.data.action": { $in: ["create", "reopen"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: VULNERABILITY,
            title: `Vulnerable dependency {{ log.data.alert.affected_package_name | default: "of unknown name" }} in ${REPOSITORY}`,
            urgency: urgencyFrom("log.data.alert.severity"),
            tags: ["{{ log.data.alert.ghsa_id }}"],
            additional_data: [
              { format: "link", label: "Advisory", value: "{{ log.data.alert.external_reference }}" },
              { format: "link", label: "Repository", value: "{{ log.data.repository.html_url }}" },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.alert.affected_package_name": { $exists: true },
          "log.data.action": { $in: ["dismiss", "resolve"] },
        },
        actions: [{ type: "resolve", thirdparty_id: VULNERABILITY }],
      },
      {
        // A comment has the issue too, but no such action.
        match: {
          "log.data.issue": { $exists: true },
          "log.data.comment": null,
          "log.data.action": { $in: ["opened", "reopened"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: ISSUE,
            title: `{{ log.data.issue.title | default: "Issue" }} (${REPOSITORY}#{{ log.data.issue.number }})`,
            description: "{{ log.data.issue.body }}",
            tags: "{% for label in log.data.issue.labels %}{{ label.name | replace: ',', ';' }},{% endfor %}",
            additional_data: [
              { format: "link", label: "Issue", value: "{{ log.data.issue.html_url }}" },
              { format: "text", label: "By", value: "{{ log.data.issue.user.login }}" },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.issue": { $exists: true },
          "log.data.comment": null,
          "log.data.action": { $in: ["closed", "deleted", "transferred"] },
        },
        actions: [{ type: "resolve", thirdparty_id: ISSUE }],
      },
      {
        // Events of an app, a sponsor or the whole of GitHub have no repository.
        match: {
          $or: [
            { "log.data.repository": { $exists: true } },
            { "log.data.organization": { $exists: true } },
            { "log.data.sender": { $exists: true } },
            { "log.data.security_advisory": { $exists: true } },
            { "log.headers.x-github-event": { $exists: true } },
          ],
        },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not an event of GitHub." }] },
  },
};
