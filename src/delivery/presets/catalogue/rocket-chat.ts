import { type PresetData, MESSAGE, text } from "../data/preset-data.ts";
import { onOwnHost } from "./parts.ts";

/** https://docs.rocket.chat/docs/integrations */
export const rocketChat: PresetData = {
  title: "Rocket.Chat",
  category: "chat",
  summary: "Posts a message to a channel.",
  source: "https://docs.rocket.chat/docs/integrations",
  steps: [
    "In Rocket.Chat, open *Administration > Workspace > Integrations > New > Incoming*.",
    "Choose the channel, enable the integration, and copy the webhook URL.",
  ],
  address: onOwnHost("https://chat.example.com/hooks/…"),
  options: {},
  requests: {
    any: { body: { text: text(`${MESSAGE}\n\nEvent {event_id}`, 5_000, { escape: "markdown" }), parseUrls: false } },
  },
};
