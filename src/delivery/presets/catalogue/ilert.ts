import { type PresetData, DETAILS, byStep, byUrgency, option, text, when } from "../data/preset-data.ts";
import { SECRET, idOption, onHost } from "./parts.ts";

/** https://docs.ilert.com/developer-docs/rest-api/api-reference/events */
export const ilert: PresetData = {
  title: "ilert",
  category: "incidents",
  summary: "Opens, accepts and resolves alerts.",
  source: "https://docs.ilert.com/developer-docs/rest-api/api-reference/events",
  steps: [
    "In ilert, open *Alert sources*, select *Create new alert source* and then *API*.",
    "Copy the integration key of the alert source.",
  ],
  address: onHost(["api.ilert.com"], "https://api.ilert.com"),
  options: {
    integration_key: idOption("the integration key of the alert source", "il1api0123456789abcdef0123", SECRET),
  },
  requests: {
    any: {
      path: "/api/events",
      body: {
        integrationKey: option("integration_key"),
        eventType: byStep({ open: "ALERT", acknowledge: "ACCEPT", resolve: "RESOLVE" }),
        summary: text("{title}", 255),
        details: text(`${DETAILS}\n\nEvent {event_id}`, 10_000),
        alertKey: text("{dedup_key}", 255),
        priority: byUrgency({ critical: "HIGH", high: "HIGH", medium: "LOW", low: "LOW", none: "HIGH" }),
        links: when("link", [{ href: text("{link}", 2_000), text: text("{link_host}", 100) }]),
      },
    },
  },
};
