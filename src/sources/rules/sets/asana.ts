import type { RuleSet } from "./rule-set.ts";

const NAME = "log.data.resource.name | default: log.data.resource.gid";
const IS_TASK = { "log.data.resource.resource_type": "task" };
const URL = "https://app.asana.com/0/0";

/** An event names what changed by its id; its name is there only for some. https://developers.asana.com/docs/webhooks-guide */
export const asana: RuleSet = {
  name: "asana",
  title: "Asana",
  category: "code",
  vendor_url: "https://developers.asana.com/docs/webhooks-guide",
  docs: "docs/sources/asana.md",
  recognized_by: { "log.headers.x-hook-signature": { $exists: true }, "log.parent.events": { $exists: true } },
  options: {
    each: "events",
    rules: [
      {
        match: {
          ...IS_TASK,
          "log.data.action": { $in: ["added", "undeleted"] },
          "log.data.parent.resource_type": "project",
        },
        actions: [
          {
            type: "create",
            thirdparty_id: "{{ log.data.resource.gid }}",
            title: `Task {{ ${NAME} }} {% if log.data.action == "undeleted" %}is back{% else %}was added{% endif %}`,
            additional_data: [
              { format: "link", label: "Task", value: `${URL}/{{ log.data.resource.gid }}` },
              { format: "link", label: "Project", value: `${URL}/{{ log.data.parent.gid }}` },
              { format: "text", label: "By", value: "{{ log.data.user.name | default: log.data.user.gid }}" },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.action": "added",
          "log.data.resource.resource_subtype": "marked_complete",
          "log.data.parent.gid": { $exists: true },
        },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.parent.gid }}" }],
      },
      {
        match: { ...IS_TASK, "log.data.action": "deleted" },
        actions: [{ type: "resolve", thirdparty_id: "{{ log.data.resource.gid }}" }],
      },
      {
        match: { "log.data.action": { $exists: true }, "log.data.resource.gid": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The event has no action and resource." }] },
  },
};
