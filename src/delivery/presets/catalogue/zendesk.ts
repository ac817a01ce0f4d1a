import {
  type PresetData,
  MESSAGE,
  byUrgency,
  each,
  text,
  word,
  type FollowUp,
  type Tree,
} from "../data/preset-data.ts";
import { basicOrBearer, onHost } from "./parts.ts";

/** A change of the ticket with an internal note. */
function change(fields: Readonly<Record<string, Tree>>): FollowUp {
  const comment = { body: text(MESSAGE, 60_000, { unit: "bytes" }), public: false };
  return {
    method: "PUT",
    path: "/api/v2/tickets/{captured.ticket_id}.json",
    body: { ticket: { ...fields, comment } },
  };
}

/** https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket */
export const zendesk: PresetData = {
  title: "Zendesk",
  category: "tickets",
  summary: "Creates a ticket for each alert, adds internal notes to it, and solves it when the alert is resolved.",
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
  ticket: {
    capture: { ticket_id: "ticket.id" },
    follow_ups: {
      updated: [change({})],
      acknowledged: [change({})],
      resolved: [change({ status: "solved" })],
    },
  },
};
