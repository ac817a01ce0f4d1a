import { type PresetData, MESSAGE, text } from "../data/preset-data.ts";
import { REQUIRED, bearer, onOwnHost } from "./parts.ts";

/** https://docs.gitlab.com/api/issues/#new-issue */
export const gitlabIssues: PresetData = {
  title: "GitLab issues",
  category: "tickets",
  summary: "Creates an issue for each alert.",
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
};
