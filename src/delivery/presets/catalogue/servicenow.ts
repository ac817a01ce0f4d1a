import { type PresetData, DETAILS, byUrgency, text, type FollowUp, MESSAGE, option } from "../data/preset-data.ts";
import { basicOrBearer, nameOption, onHost } from "./parts.ts";

const INCIDENT = "/api/now/table/incident/{captured.incident_id}";
const note: FollowUp = { method: "PATCH", path: INCIDENT, body: { work_notes: text(MESSAGE, 4_000) } };

/** https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html */
export const servicenow: PresetData = {
  title: "ServiceNow",
  category: "tickets",
  summary: "Creates an incident for each alert, adds work notes to it, and resolves it when the alert is resolved.",
  source:
    "https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html",
  steps: [
    "In ServiceNow, open *User Administration > Users* and create a user for web services.",
    "Give it a role that may write to the table `incident`, such as `itil`.",
    "Use its name and password as `auth`, or an OAuth client of *System OAuth > Application Registry*.",
  ],
  address: onHost(["*.service-now.com", "*.servicenowservices.com"], "https://example.service-now.com"),
  auth: basicOrBearer("`basic` with a user, or an OAuth client."),
  options: {
    close_code: nameOption(
      "the resolution code, such as Resolved by caller; without it, the incident gets a work note",
      "Resolved by caller",
      {},
    ),
  },
  headers: { accept: "application/json" },
  requests: {
    created: {
      path: "/api/now/table/incident",
      body: {
        short_description: text("{title}", 160),
        description: text(`${DETAILS}\n\nEvent {event_id}`, 4_000),
        urgency: byUrgency({ critical: "1", high: "1", medium: "2", low: "3", none: "2" }),
        impact: byUrgency({ critical: "1", high: "2", medium: "2", low: "3", none: "2" }),
        correlation_id: text("{dedup_key}", 100),
        correlation_display: "Hookgate",
      },
    },
  },
  ticket: {
    capture: { incident_id: "result.sys_id" },
    follow_ups: {
      updated: [note],
      acknowledged: [note],
      resolved: [
        {
          needs: "close_code",
          method: "PATCH",
          path: INCIDENT,
          body: { state: "6", close_code: option("close_code"), close_notes: text(MESSAGE, 4_000) },
        },
        note,
      ],
    },
  },
};
