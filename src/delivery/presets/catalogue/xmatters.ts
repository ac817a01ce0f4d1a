import { type PresetData, DETAILS, byStep, byUrgency, each, text, when } from "../data/preset-data.ts";
import { basicOrBearer, onHost } from "./parts.ts";

/** https://help.xmatters.com/xmapi/#trigger-an-event */
export const xmatters: PresetData = {
  title: "xMatters",
  category: "incidents",
  summary: "Triggers a workflow.",
  source: "https://help.xmatters.com/xmapi/#trigger-an-event",
  steps: [
    "In xMatters, open the workflow and its *Flow Designer*, and add an *HTTP trigger* or an inbound integration.",
    "Choose basic authentication, and copy the URL of the trigger.",
    "The form of the workflow needs the text properties *title*, *description*, *status*, *key*, *link* and *event*.",
  ],
  address: onHost(["*.xmatters.com", "*.*.xmatters.com"], "https://example.xmatters.com/api/integration/1/functions/…"),
  auth: basicOrBearer("`basic` with a user who may trigger the workflow."),
  options: {
    recipients: {
      must_be: "names of users or groups with commas between them",
      matches: /^[\w .@|-]{1,200}(?:,[\w .@|-]{1,200}){0,19}$/,
      hint: "users or groups, with commas. Without it, the workflow decides",
      example: "Database team, jdoe",
    },
  },
  requests: {
    any: {
      body: {
        properties: {
          title: text("{title}", 500),
          description: text(DETAILS, 10_000),
          status: byStep({ open: "open", acknowledge: "acknowledged", resolve: "resolved" }),
          key: text("{dedup_key}", 255),
          link: text("{link}", 2_000),
          event: text("{event_id}", 100),
        },
        recipients: when("options.recipients", each("options.recipients", 20, { id: text("{part}", 200) })),
        priority: byUrgency({ critical: "HIGH", high: "HIGH", medium: "MEDIUM", low: "LOW", none: "MEDIUM" }),
      },
    },
  },
};
