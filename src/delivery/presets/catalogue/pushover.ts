import { type PresetData, byUrgency, option, text, time, when } from "../data/preset-data.ts";
import { SECRET, idOption, onHost } from "./parts.ts";

/** https://pushover.net/api */
export const pushover: PresetData = {
  title: "Pushover",
  category: "messages",
  summary: "Sends a notification to phones.",
  source: "https://pushover.net/api",
  steps: [
    "On https://pushover.net/apps/build, create an application and copy its API token.",
    "The user key is on https://pushover.net, and a group's key on the page of the group.",
  ],
  address: onHost(["api.pushover.net"], "https://api.pushover.net"),
  options: {
    token: idOption("the application's API token", "azGDORePK8gMaC0QOYAMyEEuzJnyUi", SECRET),
    user: idOption("the key of the user or group", "uQiRzpo4DXghDmr9QzzfQu27cmVRsG", SECRET),
  },
  requests: {
    any: {
      path: "/1/messages.json",
      format: "form",
      body: {
        token: option("token"),
        user: option("user"),
        title: text("[{headline}] {title}", 250),
        message: text("{description}\n\n{facts}\n\nEvent {event_id}", 1_024),
        url: text("{link}", 512),
        url_title: when("link", text("Open on {link_host}", 100)),
        priority: byUrgency({ critical: 1, high: 1, medium: 0, low: -1, none: 0 }),
        timestamp: time("seconds"),
      },
    },
  },
};
