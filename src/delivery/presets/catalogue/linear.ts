import {
  type PresetData,
  DETAILS,
  byUrgency,
  option,
  text,
  type FollowUp,
  captured,
  MESSAGE,
} from "../data/preset-data.ts";
import { idOption, onHost, tokenOption } from "./parts.ts";

const comment: FollowUp = {
  path: "/graphql",
  body: {
    query: "mutation Comment($input: CommentCreateInput!) { commentCreate(input: $input) { success } }",
    variables: { input: { issueId: captured("issue_id"), body: text(MESSAGE, 50_000, { escape: "markdown" }) } },
  },
};

/** https://linear.app/developers/graphql */
export const linear: PresetData = {
  title: "Linear",
  category: "tickets",
  summary: "Creates an issue for each alert, comments on it, and closes it when the alert is resolved.",
  source: "https://linear.app/developers/graphql",
  steps: [
    "In Linear, open *Settings > Security & access > Personal API keys* and select *New API key*.",
    "To find the team's id, open the team, press Cmd+K or Ctrl+K and select *Copy model UUID*.",
    "Linear responds with status 200 even if it refuses an issue. The response of the delivery then has `errors`.",
    "To close issues, ask the API for `{ workflowStates { nodes { id name team { name } } } }`. The id of the state *Done* is `done_state_id`.",
  ],
  address: onHost(["api.linear.app"], "https://api.linear.app"),
  options: {
    api_key: tokenOption("a personal API key", "lin_api_0123456789abcdefghij"),
    team_id: idOption("the id of the team", "9cfb482a-81e3-4154-b5b9-2c805e70a02d"),
    done_state_id: idOption(
      "the id of the state of done issues; without it, the issue gets a comment",
      "5ed09d3e-2c9a-4a52-8c64-2d9a3b0d5a0f",
      {},
    ),
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
  ticket: {
    capture: { issue_id: "data.issueCreate.issue.id" },
    follow_ups: {
      updated: [comment],
      acknowledged: [comment],
      resolved: [
        {
          needs: "done_state_id",
          path: "/graphql",
          body: {
            query:
              "mutation Close($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success } }",
            variables: { id: captured("issue_id"), input: { stateId: option("done_state_id") } },
          },
        },
        comment,
      ],
    },
  },
};
