import type { RuleSet } from "./rule-set.ts";

const KEY = "{{ log.data.workspace_id }}";
const WORKSPACE =
  "{{ log.data.organization_name }}/{{ log.data.workspace_name | default: log.data.workspace_id | default: 'a workspace' }}";
const TRIGGER = "log.data.notifications.0.trigger";

/** https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations */
export const terraformcloud: RuleSet = {
  name: "terraformcloud",
  title: "HCP Terraform",
  category: "deployment",
  vendor_url: "https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations",
  docs: "docs/sources/terraformcloud.md",
  options: {
    rules: [
      {
        match: { [TRIGGER]: "verification" },
        actions: [{ type: "test", reason: "HCP Terraform's verification." }],
      },
      {
        match: {
          "log.data.workspace_id": { $exists: true },
          [TRIGGER]: { $in: ["run:errored", "run:needs_attention"] },
        },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `Run in ${WORKSPACE}: {{ log.data.notifications[0].message | default: log.data.notifications[0].trigger | default: "attention" }}`,
            description: "{{ log.data.run_message }}",
            urgency:
              '{% case log.data.notifications[0].trigger %}{% when "run:errored" %}high{% when "run:needs_attention" %}medium{% endcase %}',
            tags: ["{{ log.data.organization_name }}", "{{ log.data.workspace_name }}"],
            additional_data: [
              { format: "link", label: "Run", value: "{{ log.data.run_url }}" },
              { format: "text", label: "By", value: "{{ log.data.run_created_by }}" },
              { format: "text", label: "Status", value: "{{ log.data.notifications[0].run_status }}" },
            ],
          },
        ],
      },
      {
        match: { "log.data.workspace_id": { $exists: true }, [TRIGGER]: "run:completed" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { [TRIGGER]: { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no notifications." }] },
  },
};
