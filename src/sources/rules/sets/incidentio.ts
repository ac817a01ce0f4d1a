import type { RuleSet } from "./rule-set.ts";

// An event of the status has the incident one level deeper.
const INCIDENT =
  "{% if log.data.event.incident %}{% assign incident = log.data.event.incident %}{% else %}{% assign incident = log.data.event %}{% endif %}";
const KEY = `${INCIDENT}{{ incident.id }}`;
const URGENCY =
  '{% assign severity = incident.severity.name | downcase %}{% case severity %}{% when "critical" %}critical{% when "major" %}high{% when "minor" %}medium{% endcase %}';
const ENDED = { $in: ["closed", "learning", "canceled", "declined", "merged"] };

/** https://api-docs.incident.io/tag/Webhooks/ */
export const incidentio: RuleSet = {
  name: "incidentio",
  title: "incident.io",
  category: "incidents",
  vendor_url: "https://api-docs.incident.io/tag/Webhooks/",
  docs: "docs/sources/incidentio.md",
  options: {
    preprocess: [{ type: "unwrap_event" }],
    rules: [
      {
        match: {
          "log.data.event_type": { $regex: "^public_incident\\.incident_" },
          $or: [
            { "log.data.event.incident_status.category": ENDED },
            { "log.data.event.incident.incident_status.category": ENDED },
          ],
        },
        actions: [{ type: "resolve", thirdparty_id: KEY }],
      },
      {
        match: { "log.data.event_type": { $regex: "^public_incident\\.incident_(created|updated|status_updated)" } },
        actions: [
          {
            type: "create",
            thirdparty_id: KEY,
            title: `${INCIDENT}{{ incident.reference | default: "Incident" }}: {{ incident.name | default: incident.id }}`,
            description: `${INCIDENT}{{ incident.summary }}`,
            urgency: `${INCIDENT}${URGENCY}`,
            tags: [`${INCIDENT}{{ incident.severity.name }}`, `${INCIDENT}{{ incident.incident_status.name }}`],
            additional_data: [{ format: "link", label: "Incident", value: `${INCIDENT}{{ incident.permalink }}` }],
          },
        ],
      },
      {
        match: { "log.data.event_type": { $exists: true } },
        actions: [{ type: "receive" }],
      },
    ],
    default: { actions: [{ type: "ignore", reason: "The body has no event_type." }] },
  },
};
