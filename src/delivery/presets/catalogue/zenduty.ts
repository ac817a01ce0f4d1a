import {
  type PresetData,
  type RequestData,
  type Tree,
  DETAILS,
  byUrgency,
  factMap,
  text,
  when,
} from "../data/preset-data.ts";
import { onHost } from "./parts.ts";

function event(alert_type: Tree): RequestData {
  return {
    body: {
      alert_type,
      message: text("{title}", 255),
      summary: text(`${DETAILS}\n\nEvent {event_id}`, 10_000),
      entity_id: text("{dedup_key}", 255),
      payload: factMap(100, 300),
      urls: when("link", [{ link_url: text("{link}", 2_000), link_text: text("{link_host}", 100) }]),
    },
  };
}

/** https://zenduty.com/docs/generic-integration/ */
export const zenduty: PresetData = {
  title: "Zenduty",
  category: "incidents",
  summary: "Opens, acknowledges and resolves alerts.",
  source: "https://zenduty.com/docs/generic-integration/",
  steps: [
    "In Zenduty, open the team, *Services* and *Integrations*, and add *Generic Integration*.",
    "Open *Configure* and copy the webhook URL. Its last part is a secret.",
  ],
  address: onHost(["events.zenduty.com", "www.zenduty.com"], "https://events.zenduty.com/integration/…"),
  options: {},
  requests: {
    any: event(byUrgency({ critical: "critical", high: "error", medium: "warning", low: "info", none: "warning" })),
    acknowledged: event("acknowledged"),
    resolved: event("resolved"),
  },
};
