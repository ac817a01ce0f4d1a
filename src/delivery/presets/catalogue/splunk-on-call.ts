import { type PresetData, type RequestData, type Tree, MESSAGE, byUrgency, text, time } from "../data/preset-data.ts";
import { onHost } from "./parts.ts";

function event(message_type: Tree): RequestData {
  return {
    body: {
      message_type,
      entity_id: text("{dedup_key}", 512),
      entity_display_name: text("{title}", 500),
      state_message: text(`${MESSAGE}\n\nEvent {event_id}`, 20_480),
      state_start_time: time("seconds"),
      monitoring_tool: "Hookgate",
    },
  };
}

/** https://help.splunk.com/splunk-observability-cloud/splunk-on-call/integrations-with-splunk-on-call/rest-endpoint-integration-for-splunk-on-call */
export const splunkOnCall: PresetData = {
  title: "Splunk On-Call",
  category: "incidents",
  summary: "Opens, acknowledges and resolves incidents.",
  source:
    "https://help.splunk.com/splunk-observability-cloud/splunk-on-call/integrations-with-splunk-on-call/rest-endpoint-integration-for-splunk-on-call",
  steps: [
    "In Splunk On-Call, open *Integrations > 3rd Party Integrations > REST - Generic* and select *Enable*.",
    "Copy the URL, and replace `$routing_key` at its end with your routing key.",
  ],
  address: onHost(["alert.victorops.com"], "https://alert.victorops.com/integrations/generic/20131114/alert/…"),
  options: {},
  requests: {
    any: event(byUrgency({ critical: "CRITICAL", high: "CRITICAL", medium: "WARNING", low: "INFO", none: "WARNING" })),
    acknowledged: event("ACKNOWLEDGEMENT"),
    resolved: event("RECOVERY"),
  },
};
