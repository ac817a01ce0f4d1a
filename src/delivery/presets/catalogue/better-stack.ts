import { type PresetData, DETAILS, option, text } from "../data/preset-data.ts";
import { bearer, mailOption, onHost } from "./parts.ts";

/** https://betterstack.com/docs/uptime/api/create-a-new-incident/ */
export const betterStack: PresetData = {
  title: "Better Stack",
  category: "incidents",
  summary: "Creates an incident for each alert.",
  source: "https://betterstack.com/docs/uptime/api/create-a-new-incident/",
  steps: [
    "In Better Stack, open *Settings > API tokens* and copy a token of *Uptime*.",
    "Use the token as the bearer token of `auth`.",
  ],
  address: onHost(["uptime.betterstack.com"], "https://uptime.betterstack.com"),
  auth: bearer("`bearer` with an API token of Uptime."),
  options: { requester_email: mailOption("a member of the team, who reports the incidents", "ops@example.com") },
  requests: {
    created: {
      path: "/api/v3/incidents",
      body: {
        requester_email: option("requester_email"),
        name: text("{headline}", 100),
        summary: text("{title}", 255),
        description: text(`${DETAILS}\n\nEvent {event_id}`, 20_000),
      },
    },
  },
};
