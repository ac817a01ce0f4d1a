import type { RuleSet } from "./rule-set.ts";

const OBJECT = "log.data.involvedObject";
const KEY = `{{ ${OBJECT}.kind }}/{{ ${OBJECT}.namespace }}/{{ ${OBJECT}.name }}`;

/** https://fluxcd.io/flux/components/notification/providers/ */
export const flux: RuleSet = {
  name: "flux",
  title: "Flux",
  category: "deployment",
  vendor_url: "https://fluxcd.io/flux/components/notification/providers/",
  docs: "docs/sources/flux.md",
  options: {
    rules: [
      {
        match: { "log.data.involvedObject.name": { $exists: true }, "log.data.severity": "error" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ ${OBJECT}.kind | default: "Object" }} {{ ${OBJECT}.namespace }}/{{ ${OBJECT}.name }}: {{ log.data.reason | default: "error" }}`,
            description: "{{ log.data.message }}",
            urgency: "high",
            tags: [`{{ ${OBJECT}.kind }}`, `{{ ${OBJECT}.namespace }}`],
            additional_data: [
              { format: "text", label: "Controller", value: "{{ log.data.reportingController }}" },
              {
                format: "text",
                label: "Metadata",
                value: "{% for item in log.data.metadata %}{{ item[0] }}={{ item[1] }} {% endfor %}",
              },
              { format: "datetime", label: "At", value: "{{ log.data.timestamp }}" },
            ],
          },
        ],
      },
      {
        match: {
          "log.data.involvedObject.name": { $exists: true },
          "log.data.severity": "info",
          "log.data.reason": { $regex: "(Succeeded|Succeed|Applied)$" },
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.involvedObject.name": { $exists: true }, "log.data.severity": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no involvedObject." }] },
  },
};
