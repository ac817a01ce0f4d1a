import { type PresetData, DETAILS, option, text, type FollowUp, MESSAGE } from "../data/preset-data.ts";
import { SECRET, idOption, onHost, tokenOption } from "./parts.ts";

const CARD = "/1/cards/{captured.card_id}";
const comment: FollowUp = {
  path: `${CARD}/actions/comments`,
  body: { text: text(MESSAGE, 16_384, { escape: "markdown" }) },
};

/** https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-post */
export const trello: PresetData = {
  title: "Trello",
  category: "tickets",
  summary: "Creates a card for each alert, comments on it, and archives it when the alert is resolved.",
  source: "https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-post",
  steps: [
    "Open https://trello.com/power-ups/admin, create a Power-Up, and select *Generate a new API key*.",
    "Select the link *Token* next to the key to create a token.",
    "To find the list's id, open a card of the list and add `.json` to its address: the id is `idList`.",
  ],
  address: onHost(["api.trello.com"], "https://api.trello.com"),
  options: {
    key: idOption("the API key", "0123456789abcdef0123456789abcdef", SECRET),
    token: tokenOption("the token", "ATTA0123456789abcdef0123456789abcdef"),
    list_id: idOption("the id of the list", "5abbe4b7ddc1b351ef961414"),
  },
  headers: { authorization: 'OAuth oauth_consumer_key="{options.key}", oauth_token="{options.token}"' },
  requests: {
    created: {
      path: "/1/cards",
      body: {
        idList: option("list_id"),
        name: text("{title}", 500),
        desc: text(`${DETAILS}\n\nEvent {event_id}`, 16_384, { escape: "markdown" }),
        pos: "top",
      },
    },
  },
  ticket: {
    capture: { card_id: "id" },
    follow_ups: {
      updated: [comment],
      acknowledged: [comment],
      resolved: [{ method: "PUT", path: CARD, body: { dueComplete: true, closed: true } }],
    },
  },
};
