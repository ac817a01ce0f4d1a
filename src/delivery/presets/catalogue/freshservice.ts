import { type PresetData, DETAILS, byUrgency, each, text } from "../data/preset-data.ts";
import { basic, mailOption, onHost } from "./parts.ts";

/** https://api.freshservice.com/#create_ticket */
export const freshservice: PresetData = {
  title: "Freshservice",
  category: "tickets",
  summary: "Creates a ticket for each alert.",
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
        description: text(`<p>${DETAILS.replaceAll("\n\n", "</p>\n\n<p>")}</p>\n\n<p>Event {event_id}</p>`, 60_000, {
          escape: "html",
        }),
        priority: byUrgency({ critical: 4, high: 3, medium: 2, low: 1, none: 2 }),
        status: 2,
        source: 2,
        tags: each("tags", 20, text("{tag}", 32)),
      },
    },
  },
};
