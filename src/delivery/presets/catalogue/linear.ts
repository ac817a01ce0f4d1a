import { type PresetData, DETAILS, byUrgency, option, text } from "../data/preset-data.ts";
import { idOption, onHost, tokenOption } from "./parts.ts";

/** https://linear.app/developers/graphql */
export const linear: PresetData = {
  title: "Linear",
  category: "tickets",
  summary: "Creates an issue for each alert.",
  source: "https://linear.app/developers/graphql",
  steps: [
    "In Linear, open *Settings > Security & access > Personal API keys* and select *New API key*.",
    "To find the team's id, open the team, press Cmd+K or Ctrl+K and select *Copy model UUID*.",
    "Linear responds with status 200 even if it refuses an issue. The response of the delivery then has `errors`.",
  ],
  address: onHost(["api.linear.app"], "https://api.linear.app"),
  options: {
    api_key: tokenOption("a personal API key", "lin_api_0123456789abcdefghij"),
    team_id: idOption("the id of the team", "9cfb482a-81e3-4154-b5b9-2c805e70a02d"),
  },
  headers: { authorization: "{options.api_key}" },
  requests: {
    created: {
      path: "/graphql",
      body: {
        query:
          "mutation Create($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { id identifier url } } }",
        variables: {
          input: {
            teamId: option("team_id"),
            title: text("{title}", 255),
            description: text(`${DETAILS}\n\nEvent {event_id}`, 50_000, { escape: "markdown" }),
            priority: byUrgency({ critical: 1, high: 2, medium: 3, low: 4, none: 0 }),
          },
        },
      },
    },
  },
};
