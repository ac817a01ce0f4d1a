import { type PresetData, MESSAGE, option, text } from "../data/preset-data.ts";
import { bearer, idOption, onHost } from "./parts.ts";

/** https://developer.webex.com/docs/api/v1/messages/create-a-message */
export const webex: PresetData = {
  title: "Webex",
  category: "chat",
  summary: "Posts a message to a space.",
  source: "https://developer.webex.com/docs/api/v1/messages/create-a-message",
  steps: [
    "On https://developer.webex.com/my-apps, create a bot and copy its access token.",
    "Add the bot to the space. `GET https://webexapis.com/v1/rooms` with its token lists the ids of its spaces.",
    "Use the token as the bearer token of `auth`.",
  ],
  address: onHost(["webexapis.com", "api.ciscospark.com"], "https://webexapis.com"),
  auth: bearer("`bearer` with the access token of a bot."),
  options: { room_id: idOption("the id of the space", "Y2lzY29zcGFyazovL3VzL1JPT00vMDEyMzQ1Njc4OWFi") },
  requests: {
    any: {
      path: "/v1/messages",
      // `text` has no markup and no mentions, unlike `markdown`.
      body: { roomId: option("room_id"), text: text(`${MESSAGE}\n\nEvent {event_id}`, 7_439, { unit: "bytes" }) },
    },
  },
};
