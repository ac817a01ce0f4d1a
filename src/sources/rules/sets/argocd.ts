import type { RuleSet } from "./rule-set.ts";

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/webhook/ */
export const argocd: RuleSet = {
  name: "argocd",
  title: "Argo CD",
  category: "deployment",
  vendor_url: "https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/webhook/",
  docs: "docs/sources/argocd.md",
  options: {
    rules: [
      {
        match: {
          "log.data.app": { $exists: true },
          $or: [
            { "log.data.phase": { $in: ["Failed", "Error"] } },
            { "log.data.health": { $in: ["Degraded", "Missing"] } },
          ],
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.project }}/{{ log.data.app }}",
            title:
              "{{ log.data.app | default: 'An application' }}: {% if log.data.phase == 'Failed' or log.data.phase == 'Error' %}sync {{ log.data.phase | downcase }}{% else %}{{ log.data.health | downcase }}{% endif %}",
            description: "{{ log.data.message }}",
            urgency: "high",
            tags: ["{{ log.data.project }}", "{{ log.data.health }}"],
            additional_data: [
              { format: "link", label: "Application", value: "{{ log.data.url }}" },
              { format: "text", label: "Revision", value: "{{ log.data.revision }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.app": { $exists: true }, "log.data.health": "Healthy" },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.project }}/{{ log.data.app }}" }],
      },
      {
        match: { "log.data.app": { $exists: true }, "log.data.health": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no app and health." }] },
  },
};
