import { type PresetData, type RequestData, DETAILS, text } from "../data/preset-data.ts";
import { onHost } from "./parts.ts";

// Squadcast takes bodies of at most 30 KB. These limits add up to less, even if JSON escapes every character.
const TRIGGER: RequestData = {
  body: {
    message: text("{title}", 1_000, { unit: "bytes" }),
    description: text(`${DETAILS}\n\nEvent {event_id}`, 10_000, { unit: "bytes" }),
    status: "trigger",
    event_id: text("{dedup_key}", 255),
    tags: { urgency: text("{urgency}", 20), type: text("{type}", 50) },
  },
};

/** https://developers.squadcast.com/incoming-webhooks/payload-format/ */
export const squadcast: PresetData = {
  title: "Squadcast",
  category: "incidents",
  summary: "Triggers and resolves incidents.",
  source: "https://developers.squadcast.com/incoming-webhooks/payload-format/",
  steps: [
    "In Squadcast, open the service and *Alert sources*, and add *Incident Webhook*.",
    "Copy the webhook URL. Its last part is a secret.",
  ],
  address: onHost(["api.squadcast.com", "api.eu.squadcast.com"], "https://api.squadcast.com/v2/incidents/api/…"),
  options: {},
  requests: {
    created: TRIGGER,
    updated: TRIGGER,
    resolved: { body: { status: "resolve", event_id: text("{dedup_key}", 255) } },
  },
};
