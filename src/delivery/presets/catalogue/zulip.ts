import { type PresetData, MESSAGE, firstOf, option, text } from "../data/preset-data.ts";
import { REQUIRED, basic, onOwnHost } from "./parts.ts";

/** https://zulip.com/api/send-message */
export const zulip: PresetData = {
  title: "Zulip",
  category: "chat",
  summary: "Posts a message to a topic of a channel.",
  source: "https://zulip.com/api/send-message",
  steps: [
    "In Zulip, open *Personal settings > Bots* and add a bot of the type *Incoming webhook* or *Generic bot*.",
    "Use the bot's email address as the username of `auth`, and its API key as the password.",
  ],
  address: onOwnHost("https://example.zulipchat.com"),
  auth: basic("`basic` with the bot's email address and API key."),
  options: {
    channel: {
      must_be: "the name of a channel, at most 60 characters",
      matches: /^[^\p{Cc}\p{Cs}]{1,60}$/u,
      hint: "the channel",
      example: "alerts",
      ...REQUIRED,
    },
    topic: {
      must_be: "the name of a topic, at most 60 characters",
      matches: /^[^\p{Cc}\p{Cs}]{1,60}$/u,
      hint: "the topic. Without it, each title has its own",
      example: "Hookgate",
    },
  },
  requests: {
    any: {
      path: "/api/v1/messages",
      format: "form",
      body: {
        type: "channel",
        to: option("channel"),
        topic: firstOf(option("topic"), text("{title}", 60)),
        content: text(`${MESSAGE}\n\nEvent {event_id}`, 10_000, { is_fenced: true }),
      },
    },
  },
};
