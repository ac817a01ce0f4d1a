import type { RuleSet } from "./rule-set.ts";

const NAME = "{{ log.data.data.serviceName | default: log.data.data.serviceId | default: 'a service' }}";
const LINK = {
  format: "link",
  label: "Service",
  value:
    "{% if log.data.data.serviceId %}https://dashboard.render.com/web/{{ log.data.data.serviceId }}/events{% endif %}",
} as const;
// A service, a build, a deploy or a job can fail, each by itself.
const KEY = "{{ log.data.data.serviceId }}:{{ log.data.type | split: '_' | first }}";
const ENDED = ["build_ended", "cron_job_run_ended", "deploy_ended", "job_run_ended"];

/** https://render.com/docs/webhooks */
export const render: RuleSet = {
  name: "render",
  title: "Render",
  category: "deployment",
  vendor_url: "https://render.com/docs/webhooks",
  docs: "docs/sources/render.md",
  options: {
    rules: [
      {
        match: { "log.data.type": "server_failed" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `${NAME} failed`,
            urgency: "critical",
            additional_data: [LINK],
          },
        ],
      },
      {
        match: { "log.data.type": "server_available" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.type": { $in: ENDED }, "log.data.data.status": "failed" },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `{{ log.data.type | replace: "_ended", "" | replace: "_", " " | capitalize | default: "A job" }} of ${NAME} failed`,
            urgency: "high",
            additional_data: [LINK],
          },
        ],
      },
      {
        match: { "log.data.type": { $in: ENDED }, "log.data.data.status": "succeeded" },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.type": { $exists: true }, "log.data.data.serviceId": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "It is not an event of a service." }] },
  },
};
