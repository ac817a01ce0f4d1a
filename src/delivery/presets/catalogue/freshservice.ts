import { type PresetData, DETAILS, byUrgency, each, text, type FollowUp } from "../data/preset-data.ts";
import { basic, mailOption, onHost } from "./parts.ts";

const TICKET = "/api/v2/tickets/{captured.ticket_id}";
const HTML = DETAILS.replaceAll("\n\n", "</p>\n\n<p>");
const note: FollowUp = {
  path: `${TICKET}/notes`,
  body: { body: text(`<p>{headline}: {title}</p>\n\n<p>${HTML}</p>`, 60_000, { escape: "html" }), private: true },
};

/** https://api.freshservice.com/#create_ticket */
export const freshservice: PresetData = {
  title: "Freshservice",
  category: "tickets",
  summary: "Creates a ticket for each alert, adds private notes to it, and resolves it when the alert is resolved.",
  source: "https://api.freshservice.com/#create_ticket",
  steps: [
    "In Freshservice, open your *Profile settings*. The API key is on the right.",
    "Use the key as the username of `auth`, and `X` as the password.",
  ],
  address: onHost(["*.freshservice.com"], "https://example.freshservice.com"),
  auth: basic("`basic` with an API key as the username and any password."),
  options: { email: mailOption("the requester of the tickets", "gateway@example.com") },
  requests: {
    created: {
      path: "/api/v2/tickets",
      body: {
        email: { $: "option", name: "email", as: "text" },
        subject: text("{title}", 255),
        description: text(`<p>${HTML}</p>\n\n<p>Event {event_id}</p>`, 60_000, {
          escape: "html",
        }),
        priority: byUrgency({ critical: 4, high: 3, medium: 2, low: 1, none: 2 }),
        status: 2,
        source: 2,
        tags: each("tags", 20, text("{tag}", 32)),
      },
    },
  },
  ticket: {
    capture: { ticket_id: "ticket.id" },
    follow_ups: {
      updated: [note],
      acknowledged: [note],
      resolved: [{ method: "PUT", path: TICKET, body: { status: 4 } }],
    },
  },
};
