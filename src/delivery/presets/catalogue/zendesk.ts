import { type PresetData, MESSAGE, byUrgency, each, text, word } from "../data/preset-data.ts";
import { basicOrBearer, onHost } from "./parts.ts";

/** https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket */
export const zendesk: PresetData = {
  title: "Zendesk",
  category: "tickets",
  summary: "Creates a ticket for each alert.",
  source: "https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket",
  steps: [
    "In the Admin Center, open *Apps and integrations > APIs > API tokens* and select *Add API token*.",
    "Use the token as the password of `auth`. The username is the agent's email address followed by `/token`.",
  ],
  address: onHost(["*.zendesk.com"], "https://example.zendesk.com"),
  auth: basicOrBearer("`basic` with `agent@example.com/token` and an API token."),
  options: {},
  headers: { "idempotency-key": "{delivery_id}" },
  requests: {
    created: {
      path: "/api/v2/tickets.json",
      body: {
        ticket: {
          subject: text("{title}", 150),
          comment: { body: text(`${MESSAGE}\n\nEvent {event_id}`, 60_000, { unit: "bytes" }) },
          type: "incident",
          priority: byUrgency({ critical: "urgent", high: "high", medium: "normal", low: "low", none: "normal" }),
          external_id: text("{dedup_key}", 255),
          tags: each("tags", 20, word(80)),
        },
      },
    },
  },
};
