import {
  type PresetData,
  type Tree,
  each,
  option,
  text,
  when,
  word,
  MESSAGE,
  type FollowUp,
} from "../data/preset-data.ts";
import { REQUIRED, basicOrBearer, nameOption, onHost } from "./parts.ts";

function paragraph(pattern: string, max: number): Tree {
  return { type: "paragraph", content: [{ type: "text", text: text(pattern, max) }] };
}

const comment: FollowUp = {
  path: "/rest/api/3/issue/{captured.issue_key}/comment",
  body: { body: { type: "doc", version: 1, content: [paragraph(MESSAGE, 30_000)] } },
};

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ */
export const jira: PresetData = {
  title: "Jira",
  category: "tickets",
  summary: "Creates an issue for each alert, comments on it, and closes it when the alert is resolved.",
  source: "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/",
  steps: [
    "Open https://id.atlassian.com/manage-profile/security/api-tokens and select *Create API token*.",
    "Use the token as the password of `auth`, and your account's email address as the username.",
    "The account must be allowed to create issues in the project.",
    "To close issues, open `/rest/api/3/issue/OPS-1/transitions` on your site with the key of an issue. The number of the transition is `id`.",
  ],
  address: onHost(["*.atlassian.net", "*.jira-dev.com", "api.atlassian.com"], "https://example.atlassian.net"),
  auth: basicOrBearer("`basic` with the account's email address and an API token."),
  options: {
    project: {
      must_be: "the key of a project, such as OPS",
      matches: /^[A-Z][A-Z0-9_]{1,29}$/,
      hint: "the key of the project",
      example: "OPS",
      ...REQUIRED,
    },
    issue_type: nameOption("the name of the type of issue, such as Task or Bug", "Task"),
    close_transition_id: {
      must_be: "the number of a transition",
      matches: /^\d{1,20}$/,
      hint: "the number of the transition that closes an issue; without it, the issue gets a comment",
      example: "31",
    },
  },
  requests: {
    created: {
      path: "/rest/api/3/issue",
      body: {
        fields: {
          project: { key: option("project") },
          issuetype: { name: option("issue_type") },
          summary: text("{title}", 255),
          // The texts of a document have no markup.
          description: {
            type: "doc",
            version: 1,
            content: [
              when("description", paragraph("{description}", 20_000)),
              when("facts", paragraph("{facts}", 8_000)),
              when("link", paragraph("{link}", 2_000)),
              paragraph("{headline}, event {event_id}", 200),
            ],
          },
          labels: each("tags", 20, word(255)),
        },
      },
    },
  },
  ticket: {
    capture: { issue_key: "key" },
    follow_ups: {
      updated: [comment],
      acknowledged: [comment],
      resolved: [
        {
          needs: "close_transition_id",
          path: "/rest/api/3/issue/{captured.issue_key}/transitions",
          body: { transition: { id: option("close_transition_id") } },
        },
        comment,
      ],
    },
  },
};
