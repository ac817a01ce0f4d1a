import { type PresetData, MESSAGE, option, text } from "../data/preset-data.ts";
import { mailOption, mailsOption, onHost, tokenOption } from "./parts.ts";

/** https://postmarkapp.com/developer/api/email-api */
export const postmark: PresetData = {
  title: "Postmark",
  category: "messages",
  summary: "Sends a mail.",
  source: "https://postmarkapp.com/developer/api/email-api",
  steps: [
    "In Postmark, open the server and *API Tokens*, and copy a server API token.",
    "Confirm the sender under *Sender Signatures*.",
  ],
  address: onHost(["api.postmarkapp.com"], "https://api.postmarkapp.com"),
  options: {
    server_token: tokenOption("the server's API token", "01234567-89ab-cdef-0123-456789abcdef"),
    from: mailOption("the confirmed sender", "gateway@example.com"),
    to: mailsOption("the recipients", "ops@example.com, lead@example.com"),
  },
  headers: { accept: "application/json", "x-postmark-server-token": "{options.server_token}" },
  requests: {
    any: {
      path: "/email",
      body: {
        From: option("from"),
        To: option("to"),
        Subject: text("[{headline}] {title}", 250),
        TextBody: text(`${MESSAGE}\n\nEvent {event_id}`, 100_000),
        MessageStream: "outbound",
      },
    },
  },
};
