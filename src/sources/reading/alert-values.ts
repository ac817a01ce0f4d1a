import { INCIDENT_SEVERITIES, type IncidentSeverity, URGENCIES, type Urgency } from "../../model/alert.ts";

// Values of an alert from a sender's texts.

const YES: readonly string[] = ["true", "t", "1", "yes", "y", "on"];

/** Returns the highest urgency that a text contains; null if it contains none. */
export function urgencyIn(text: string): Urgency | null {
  const lower = text.toLowerCase();
  return URGENCIES.findLast((urgency) => lower.includes(urgency)) ?? null;
}

/** Returns whether a text means yes. Every other text means no, also `"false"` and `"0"`. */
export function saysYes(text: string): boolean {
  return YES.includes(text.trim().toLowerCase());
}

/** Returns `SEV-1` to `SEV-5`, which may be written `sev_1`; `SEV-UNKNOWN` for any other text. */
export function severityIn(text: string): IncidentSeverity {
  const written = text.trim().toUpperCase().replace("_", "-");
  return INCIDENT_SEVERITIES.find((known) => known === written) ?? "SEV-UNKNOWN";
}
