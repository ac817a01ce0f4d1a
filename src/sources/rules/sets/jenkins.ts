import type { RuleSet } from "./rule-set.ts";

const BUILD = "log.data.build";
const KEY = "{{ log.data.url | default: log.data.name }}";
const URGENCY = `{% case ${BUILD}.status %}{% when "FAILURE" %}high{% when "UNSTABLE" %}medium{% endcase %}`;

/** https://plugins.jenkins.io/notification/ */
export const jenkins: RuleSet = {
  name: "jenkins",
  title: "Jenkins",
  category: "deployment",
  vendor_url: "https://plugins.jenkins.io/notification/",
  docs: "docs/sources/jenkins.md",
  options: {
    rules: [
      {
        // FINALIZED follows COMPLETED with the same status.
        match: {
          "log.data.build.phase": { $in: ["COMPLETED", "FINALIZED"] },
          "log.data.build.status": { $in: ["FAILURE", "UNSTABLE"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ log.data.display_name | default: log.data.name | default: "Build" }} #{{ ${BUILD}.number }}: {{ ${BUILD}.status | downcase | default: "failure" }}`,
            description: `{{ ${BUILD}.notes }}`,
            urgency: URGENCY,
            tags: [`{{ ${BUILD}.scm.branch }}`],
            additional_data: [
              { format: "link", label: "Build", value: `{{ ${BUILD}.full_url }}` },
              { format: "link", label: "Repository", value: `{{ ${BUILD}.scm.url }}` },
              { format: "text", label: "Commit", value: `{{ ${BUILD}.scm.commit }}` },
            ],
          },
        ],
      },
      {
        match: { "log.data.build.phase": { $in: ["COMPLETED", "FINALIZED"] }, "log.data.build.status": "SUCCESS" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.build.phase": { $exists: true } },
        actions: [
          {
            type: "ignore",
            reason:
              "The build is neither failed nor successful: {{ log.data.build.phase }} {{ log.data.build.status }}",
          },
        ],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not a build." }] },
  },
};
