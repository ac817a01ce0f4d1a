import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.payload.project.id }}:{{ log.data.payload.target | default: 'preview' }}";

/** https://vercel.com/docs/webhooks/webhooks-api */
export const vercel: RuleSet = {
  name: "vercel",
  title: "Vercel",
  category: "deployment",
  vendor_url: "https://vercel.com/docs/webhooks/webhooks-api",
  docs: "docs/sources/vercel.md",
  options: {
    rules: [
      {
        match: { "log.data.type": "deployment.error" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title:
              "Deployment of {{ log.data.payload.deployment.name | default: 'a project' }} to {{ log.data.payload.target | default: 'preview' }} failed",
            description: "{{ log.data.payload.deployment.meta.githubCommitMessage }}",
            urgency: "high",
            tags: ["{{ log.data.payload.target }}"],
            additional_data: [
              { format: "link", label: "Deployment", value: "{{ log.data.payload.links.deployment }}" },
              { format: "link", label: "Project", value: "{{ log.data.payload.links.project }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.type": { $in: ["deployment.succeeded", "deployment.promoted"] } },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.type": { $exists: true }, "log.data.payload": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no type and payload." }] },
  },
};
