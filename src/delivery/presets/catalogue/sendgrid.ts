import { type PresetData, MESSAGE, each, option, text } from "../data/preset-data.ts";
import { bearer, mailOption, mailsOption, onHost } from "./parts.ts";

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send */
export const sendgrid: PresetData = {
  title: "SendGrid",
  category: "messages",
  summary: "Sends a mail.",
  source: "https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send",
  steps: [
    "In SendGrid, open *Settings > API Keys* and create a key with the permission *Mail Send*.",
    "Verify the sender or its domain under *Settings > Sender Authentication*.",
    "Use the key as the bearer token of `auth`.",
  ],
  address: onHost(["api.sendgrid.com", "api.eu.sendgrid.com"], "https://api.sendgrid.com"),
  auth: bearer("`bearer` with an API key."),
  options: {
    from: mailOption("the verified sender", "gateway@example.com"),
    to: mailsOption("the recipients", "ops@example.com, lead@example.com"),
  },
  requests: {
    any: {
      path: "/v3/mail/send",
      body: {
        personalizations: [{ to: each("options.to", 10, { email: text("{part}", 320) }) }],
        from: { email: option("from"), name: "Hookgate" },
        subject: text("[{headline}] {title}", 250),
        content: [{ type: "text/plain", value: text(`${MESSAGE}\n\nEvent {event_id}`, 100_000) }],
        tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
      },
    },
  },
};
