import { type PresetData, text } from "../data/preset-data.ts";
import { onHost, tokenOption } from "./parts.ts";

/** https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0067640 */
export const zoomChat: PresetData = {
  title: "Zoom Team Chat",
  category: "chat",
  summary: "Posts a message to a channel.",
  source: "https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0067640",
  steps: [
    "In the Zoom App Marketplace, add the app *Incoming Webhook*.",
    "In the channel, enter `/inc connect hookgate`. Zoom shows the endpoint and a verification token.",
  ],
  address: onHost(
    ["integrations.zoom.us", "inbots.zoom.us"],
    "https://integrations.zoom.us/chat/webhooks/incomingwebhook/…",
  ),
  options: { verification_token: tokenOption("the verification token", "0123456789abcdefABCDEF01") },
  headers: { authorization: "{options.verification_token}" },
  requests: {
    any: {
      query: { format: "full" },
      body: {
        content: {
          head: { text: text("[{headline}] {title}", 250) },
          body: [{ type: "message", text: text("{link}\n\n{description}\n\n{facts}\n\nEvent {event_id}", 4_000) }],
        },
      },
    },
  },
};
