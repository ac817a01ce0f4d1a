import { type PresetData, MESSAGE, option, text, type FollowUp } from "../data/preset-data.ts";
import { REQUIRED, bearer, onHost } from "./parts.ts";

const TASK = "/api/1.0/tasks/{captured.task_id}";
const comment: FollowUp = { path: `${TASK}/stories`, body: { data: { text: text(MESSAGE, 65_535) } } };

/** https://developers.asana.com/reference/createtask */
export const asana: PresetData = {
  title: "Asana",
  category: "tickets",
  summary: "Creates a task for each alert, comments on it, and completes it when the alert is resolved.",
  source: "https://developers.asana.com/reference/createtask",
  steps: [
    "Open https://app.asana.com/0/my-apps and select *Create new token*.",
    "Use the token as the bearer token of `auth`.",
    "The project's id is the number in the address of the project.",
  ],
  address: onHost(["app.asana.com"], "https://app.asana.com"),
  auth: bearer("`bearer` with a personal access token."),
  options: {
    project: {
      must_be: "the number of a project",
      matches: /^\d{1,20}$/,
      hint: "the project's id",
      example: "1204567890123456",
      ...REQUIRED,
    },
  },
  requests: {
    created: {
      path: "/api/1.0/tasks",
      body: {
        data: {
          name: text("{title}", 1_024),
          notes: text(`${MESSAGE}\n\nEvent {event_id}`, 65_535),
          projects: [option("project")],
        },
      },
    },
  },
  ticket: {
    capture: { task_id: "data.gid" },
    follow_ups: {
      updated: [comment],
      acknowledged: [comment],
      resolved: [{ method: "PUT", path: TASK, body: { data: { completed: true } } }],
    },
  },
};
