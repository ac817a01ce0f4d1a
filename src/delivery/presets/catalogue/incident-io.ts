import { DETAILS, type PresetData, type RequestData, byStep, each, text } from "../data/preset-data.ts";
import { bearer, idOption, onHost } from "./parts.ts";

const EVENT: RequestData = {
  path: "/v2/alert_events/http/{options.alert_source_id}",
  body: {
    title: text("{title}", 500),
    description: text(DETAILS, 20_000, { escape: "markdown" }),
    status: byStep({ open: "firing", acknowledge: "firing", resolve: "resolved" }),
    deduplication_key: text("{dedup_key}", 255),
    source_url: text("{link}", 2_000),
    metadata: {
      type: text("{type}", 100),
      urgency: text("{urgency}", 20),
      event_id: text("{event_id}", 100),
      tags: each("tags", 20, text("{tag}", 100)),
    },
  },
};

/** https://docs.incident.io/api-reference/alert-events-v2/create-http */
export const incidentIo: PresetData = {
  title: "incident.io",
  category: "incidents",
  summary: "Fires and resolves alerts.",
  source: "https://docs.incident.io/api-reference/alert-events-v2/create-http",
  steps: [
    "In incident.io, open *Alerts > Sources*, select *Create an alert source* and then *HTTP*.",
    "The id of the alert source is the last part of the URL that is shown.",
    "Use the token that is shown as the bearer token of `auth`.",
  ],
  address: onHost(["api.incident.io"], "https://api.incident.io"),
  auth: bearer("`bearer` with the token of the alert source."),
  options: { alert_source_id: idOption("the id of the alert source", "01GW2G3V0S59R238FAHPDS1R66") },
  requests: { created: EVENT, updated: EVENT, resolved: EVENT },
};
