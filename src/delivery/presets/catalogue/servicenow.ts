import { type PresetData, DETAILS, byUrgency, text } from "../data/preset-data.ts";
import { basicOrBearer, onHost } from "./parts.ts";

/** https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html */
export const servicenow: PresetData = {
  title: "ServiceNow",
  category: "tickets",
  summary: "Creates an incident for each alert.",
  source:
    "https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html",
  steps: [
    "In ServiceNow, open *User Administration > Users* and create a user for web services.",
    "Give it a role that may write to the table `incident`, such as `itil`.",
    "Use its name and password as `auth`, or an OAuth client of *System OAuth > Application Registry*.",
  ],
  address: onHost(["*.service-now.com", "*.servicenowservices.com"], "https://example.service-now.com"),
  auth: basicOrBearer("`basic` with a user, or an OAuth client."),
  options: {},
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
};
