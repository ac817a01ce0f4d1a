import { type PresetData, byUrgency, each, option, text, word } from "../data/preset-data.ts";
import { REQUIRED, onOwnHost } from "./parts.ts";

/** https://docs.ntfy.sh/publish/#publish-as-json */
export const ntfy: PresetData = {
  title: "ntfy",
  category: "messages",
  summary: "Publishes a notification to a topic.",
  source: "https://docs.ntfy.sh/publish/#publish-as-json",
  steps: [
    "Choose a topic, and subscribe to it in the ntfy app. Everyone who knows a topic without access control can read it.",
    "For a protected topic, create an access token in the ntfy web app under *Account > Access tokens*, and use it as the bearer token of `auth`.",
  ],
  address: onOwnHost("https://ntfy.sh"),
  options: {
    topic: {
      must_be: "a topic: letters, digits, _ and -",
      matches: /^[\w-]{1,64}$/,
      hint: "the topic",
      example: "ops-alerts",
      ...REQUIRED,
    },
  },
  requests: {
    any: {
      body: {
        topic: option("topic"),
        title: text("[{headline}] {title}", 250),
        message: text("{description}\n\n{facts}\n\nEvent {event_id}", 4_096, { unit: "bytes" }),
        priority: byUrgency({ critical: 5, high: 4, medium: 3, low: 2, none: 3 }),
        tags: each("tags", 5, word(50)),
        click: text("{link}", 2_000),
      },
    },
  },
};
