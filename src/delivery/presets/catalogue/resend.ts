import { type PresetData, MESSAGE, option, text } from "../data/preset-data.ts";
import { bearer, mailOption, mailsOption, onHost } from "./parts.ts";

/** https://resend.com/docs/api-reference/emails/send-email */
export const resend: PresetData = {
  title: "Resend",
  category: "messages",
  summary: "Sends a mail.",
  source: "https://resend.com/docs/api-reference/emails/send-email",
  steps: [
    "In Resend, open *Domains* and verify the sender's domain.",
    "Open *API Keys* and create a key with the permission *Sending access*.",
    "Use the key as the bearer token of `auth`.",
  ],
  address: onHost(["api.resend.com"], "https://api.resend.com"),
  auth: bearer("`bearer` with an API key."),
  options: {
    from: mailOption("the sender", "gateway@example.com"),
    to: mailsOption("the recipients", "ops@example.com, lead@example.com"),
  },
  headers: { "idempotency-key": "{delivery_id}" },
  requests: {
    any: {
      path: "/emails",
      body: {
        from: option("from"),
        to: option("to", "list"),
        subject: text("[{headline}] {title}", 250),
        text: text(`${MESSAGE}\n\nEvent {event_id}`, 100_000),
      },
    },
  },
};
