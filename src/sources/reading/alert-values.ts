import { INCIDENT_SEVERITIES, type IncidentSeverity, URGENCIES, type Urgency } from "../../model/alert.ts";

// How a sender's texts are read as values of an alert.

const YES: readonly string[] = ["true", "t", "1", "yes", "y", "on"];

/** The gravest urgency that a text names anywhere; null where it names none. */
export function urgencyIn(text: string): Urgency | null {
  const said = text.toLowerCase();
  return URGENCIES.findLast((urgency) => said.includes(urgency)) ?? null;
}

/** Whether a text says yes. Any other text says no, `"false"` and `"0"` among them. */
export function saysYes(text: string): boolean {
  return YES.includes(text.trim().toLowerCase());
}

/** `SEV-1` to `SEV-5`, also written `sev_1`; anything else is `SEV-UNKNOWN`. */
export function severityIn(text: string): IncidentSeverity {
  const said = text.trim().toUpperCase().replace("_", "-");
  return INCIDENT_SEVERITIES.find((known) => known === said) ?? "SEV-UNKNOWN";
}
