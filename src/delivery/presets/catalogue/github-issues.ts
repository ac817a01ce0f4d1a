import { type PresetData, MESSAGE, each, text, type FollowUp } from "../data/preset-data.ts";
import { REQUIRED, bearer, onHost } from "./parts.ts";

const ISSUE = "/repos/{options.owner}/{options.repository}/issues/{captured.issue_number}";
const comment: FollowUp = { path: `${ISSUE}/comments`, body: { body: text(MESSAGE, 65_536, { escape: "forge" }) } };

/** https://docs.github.com/en/rest/issues/issues#create-an-issue */
export const githubIssues: PresetData = {
  title: "GitHub issues",
  category: "tickets",
  summary: "Creates an issue for each alert, comments on it, and closes it when the alert is resolved.",
  source: "https://docs.github.com/en/rest/issues/issues#create-an-issue",
  steps: [
    "On GitHub, open *Settings > Developer settings > Personal access tokens > Fine-grained tokens* and select *Generate new token*.",
    "Select the repository, and give the permission *Issues: Read and write*.",
    "Use the token as the bearer token of `auth`.",
  ],
  address: onHost(["api.github.com", "api.*.ghe.com"], "https://api.github.com"),
  auth: bearer("`bearer` with a personal access token."),
  options: {
    owner: {
      must_be: "the name of an account",
      matches: /^[\w-]{1,100}$/,
      hint: "the account or organization",
      example: "acme",
      ...REQUIRED,
    },
    repository: {
      must_be: "the name of a repository, without its owner",
      matches: /^[\w.-]{1,100}$/,
      hint: "the repository, without its owner",
      example: "shop",
      ...REQUIRED,
    },
  },
  headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
  requests: {
    created: {
      path: "/repos/{options.owner}/{options.repository}/issues",
      body: {
        title: text("{title}", 256),
        body: text(`${MESSAGE}\n\nEvent {event_id}`, 65_536, { escape: "forge" }),
        labels: each("tags", 20, text("{tag}", 50)),
      },
    },
  },
  ticket: {
    capture: { issue_number: "number" },
    follow_ups: {
      updated: [comment],
      acknowledged: [comment],
      resolved: [
        {
          method: "PATCH",
          path: ISSUE,
          body: { state: "closed", state_reason: "completed" },
        },
      ],
    },
  },
};
