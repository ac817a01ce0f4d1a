import { type PresetData, MESSAGE, text } from "../data/preset-data.ts";
import { onOwnHost } from "./parts.ts";

/** https://developers.mattermost.com/integrate/webhooks/incoming/ */
export const mattermost: PresetData = {
  title: "Mattermost",
  category: "chat",
  summary: "Posts a message to a channel.",
  source: "https://developers.mattermost.com/integrate/webhooks/incoming/",
  steps: [
    "In Mattermost, open *Integrations > Incoming Webhooks* and select *Add Incoming Webhook*.",
    "Choose the channel, and copy the URL of the webhook.",
  ],
  address: onOwnHost("https://mattermost.example.com/hooks/…"),
  options: {},
  requests: { any: { body: { text: text(`${MESSAGE}\n\nEvent {event_id}`, 16_383, { escape: "markdown" }) } } },
};
