import { type PresetData, MESSAGE, text } from "../data/preset-data.ts";
import { REQUIRED, bearer, onOwnHost } from "./parts.ts";

/** https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid */
export const matrix: PresetData = {
  title: "Matrix",
  category: "chat",
  summary: "Sends a message to a room.",
  source: "https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid",
  steps: [
    "Create an account for the gateway on your homeserver, and invite it to the room. The room must not be encrypted.",
    "Sign in as that account, and copy the access token from *Settings > Help & About > Advanced*.",
    "The room's id is in *Room settings > Advanced*. It begins with `!`.",
  ],
  address: onOwnHost("https://matrix.example.com"),
  auth: bearer("`bearer` with an access token."),
  options: {
    room_id: {
      must_be: "the id of a room, such as !abc:example.com",
      matches: /^![\w=+/.:-]{1,250}$/,
      hint: "the id of the room",
      example: "!qporfwt:example.com",
      ...REQUIRED,
    },
  },
  requests: {
    any: {
      // The transaction id makes a repeated request a single message.
      method: "PUT",
      path: "/_matrix/client/v3/rooms/{options.room_id}/send/m.room.message/{delivery_id}",
      body: {
        msgtype: "m.notice",
        body: text(`${MESSAGE}\n\nEvent {event_id}`, 30_000, { unit: "bytes" }),
        "m.mentions": {},
      },
    },
  },
};
