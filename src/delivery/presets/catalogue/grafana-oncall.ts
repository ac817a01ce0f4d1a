import { type PresetData, type RequestData, DETAILS, byStep, text } from "../data/preset-data.ts";
import { onOwnHost } from "./parts.ts";

const EVENT: RequestData = {
  body: {
    alert_uid: text("{dedup_key}", 255),
    title: text("{title}", 500),
    message: text(`${DETAILS}\n\nEvent {event_id}`, 10_000),
    state: byStep({ open: "alerting", acknowledge: "alerting", resolve: "ok" }),
    link_to_upstream_details: text("{link}", 2_000),
  },
};

/** https://grafana.com/docs/oncall/latest/configure/integrations/references/webhook/ */
export const grafanaOncall: PresetData = {
  title: "Grafana OnCall",
  category: "incidents",
  summary: "Opens and resolves alerts.",
  source: "https://grafana.com/docs/oncall/latest/configure/integrations/references/webhook/",
  steps: [
    "In Grafana, open *Alerts & IRM > Integrations*, select *New integration* and then *Formatted webhook*.",
    "Copy the HTTP endpoint of the integration.",
  ],
  address: onOwnHost("https://oncall-prod-us-central-0.grafana.net/oncall/integrations/v1/formatted_webhook/…"),
  options: {},
  requests: { created: EVENT, updated: EVENT, resolved: EVENT },
};
