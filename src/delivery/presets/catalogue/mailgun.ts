import { type PresetData, ENVELOPE, MESSAGE, option, text } from "../data/preset-data.ts";
import { REQUIRED, basic, mailOption, mailsOption, onHost } from "./parts.ts";

/** https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages */
export const mailgun: PresetData = {
  title: "Mailgun",
  category: "messages",
  summary: "Sends a mail with the event as an attachment.",
  source: "https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages",
  steps: [
    "In Mailgun, open *Sending > Domain settings > Sending keys* and select *Add sending key*.",
    "Use `api` as the username of `auth`, and the key as the password.",
    "For a domain in the EU, the `url` is `https://api.eu.mailgun.net`.",
  ],
  address: onHost(["api.mailgun.net", "api.eu.mailgun.net"], "https://api.mailgun.net"),
  auth: basic("`basic` with `api` and a sending key."),
  options: {
    domain: {
      must_be: "a domain",
      matches: /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i,
      hint: "the sending domain",
      example: "mg.example.com",
      ...REQUIRED,
    },
    from: mailOption("the sender", "gateway@mg.example.com"),
    to: mailsOption("the recipients", "ops@example.com, lead@example.com"),
  },
  requests: {
    any: {
      path: "/v3/{options.domain}/messages",
      format: "multipart",
      parts: [
        { name: "from", value: option("from") },
        { name: "to", value: option("to") },
        { name: "subject", value: text("[{headline}] {title}", 250) },
        { name: "text", value: text(`${MESSAGE}\n\nEvent {event_id}`, 100_000) },
        { name: "o:tracking", value: "no" },
        {
          name: "attachment",
          filename: text("{event_id}.json", 100),
          content_type: "application/json",
          value: ENVELOPE,
        },
      ],
    },
  },
};
