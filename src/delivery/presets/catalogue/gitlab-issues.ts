import { type PresetData, MESSAGE, text, type FollowUp } from "../data/preset-data.ts";
import { REQUIRED, bearer, onOwnHost } from "./parts.ts";

const ISSUE = "/api/v4/projects/{options.project}/issues/{captured.issue_iid}";
const comment: FollowUp = { path: `${ISSUE}/notes`, body: { body: text(MESSAGE, 100_000, { escape: "forge" }) } };

/** https://docs.gitlab.com/api/issues/#new-issue */
export const gitlabIssues: PresetData = {
  title: "GitLab issues",
  category: "tickets",
  summary: "Creates an issue for each alert, comments on it, and closes it when the alert is resolved.",
  source: "https://docs.gitlab.com/api/issues/#new-issue",
  steps: [
    "In the project, open *Settings > Access tokens* and select *Add new token*.",
    "Give it the role *Reporter* and the scope `api`.",
    "Use the token as the bearer token of `auth`.",
  ],
  address: onOwnHost("https://gitlab.com"),
  auth: bearer("`bearer` with an access token of the project."),
  options: {
    project: {
      must_be: "the id of a project, or its path such as group/project",
      matches: /^[\w.-]+(?:\/[\w.-]+){0,20}$/,
      hint: "the id of the project, or its path",
      example: "acme/shop",
      ...REQUIRED,
    },
  },
  requests: {
    created: {
      path: "/api/v4/projects/{options.project}/issues",
      body: {
        title: text("{title}", 255),
        description: text(`${MESSAGE}\n\nEvent {event_id}`, 100_000, { escape: "forge" }),
        labels: text("{tags}", 255),
      },
    },
  },
  ticket: {
    capture: { issue_iid: "iid" },
    follow_ups: {
      updated: [comment],
      acknowledged: [comment],
      resolved: [{ method: "PUT", path: ISSUE, body: { state_event: "close" } }],
    },
  },
};
