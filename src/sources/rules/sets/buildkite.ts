import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.pipeline.slug }}:{{ log.data.build.branch }}";
const AGENT = "agent:{{ log.data.agent.id }}";

/** https://buildkite.com/docs/apis/webhooks/pipelines */
export const buildkite: RuleSet = {
  name: "buildkite",
  title: "Buildkite",
  category: "deployment",
  vendor_url: "https://buildkite.com/docs/apis/webhooks/pipelines",
  docs: "docs/sources/buildkite.md",
  options: {
    rules: [
      {
        match: { "log.data.event": "ping" },
        actions: [{ type: "test", reason: "Buildkite's ping." }],
      },
      {
        match: {
          "log.data.event": { $in: ["build.finished", "build.failing"] },
          "log.data.build.state": { $in: ["failed", "failing"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "{{ log.data.pipeline.name | default: 'Build' }} #{{ log.data.build.number }} failed on {{ log.data.build.branch | default: 'a branch' }}",
            description: "{{ log.data.build.message }}",
            urgency: "high",
            tags: ["{{ log.data.build.source }}"],
            additional_data: [
              { format: "link", label: "Build", value: "{{ log.data.build.web_url }}" },
              { format: "text", label: "Commit", value: "{{ log.data.build.commit }}" },
              { format: "text", label: "By", value: "{{ log.data.sender.name }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.event": "build.finished", "log.data.build.state": "passed" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.event": "agent.lost" },
        actions: [
          {
            type: "create",
            thirdparty_id: AGENT,
            title: "Agent {{ log.data.agent.name | default: log.data.agent.id | default: 'without a name' }} is lost",
            urgency: "medium",
            additional_data: [{ format: "link", label: "Agent", value: "{{ log.data.agent.web_url }}" }],
          },
        ],
      },
      {
        match: { "log.data.event": "agent.connected" },
        actions: [{ type: "resolve", thirdparty_id: AGENT }],
      },
      {
        match: { "log.data.event": { $regex: "^(build|job|agent)\\." } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not an event of a build, a job or an agent." }] },
  },
};
