import type { Json, JsonObject } from "./json.ts";

export const ALERT_STATUSES = ["open", "acknowledged", "resolved"] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

export const URGENCIES = ["low", "medium", "high", "critical"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Returns the higher one of two urgencies. Null is lower than all. */
export function higherUrgency(a: Urgency | null, b: Urgency | null): Urgency | null {
  return (a === null ? -1 : URGENCIES.indexOf(a)) >= (b === null ? -1 : URGENCIES.indexOf(b)) ? a : b;
}

export const INCIDENT_SEVERITIES = ["SEV-1", "SEV-2", "SEV-3", "SEV-4", "SEV-5", "SEV-UNKNOWN"] as const;
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

export type Incident = { readonly severity: IncidentSeverity; readonly message: string };

export const DATUM_FORMATS = ["text", "link", "img", "email", "phone", "datetime"] as const;
export type AdditionalDatum = {
  readonly format: (typeof DATUM_FORMATS)[number];
  readonly label: string;
  readonly value: Json;
};

/** The fields of an alert that its sender sets. The gateway computes the others. */
export type AlertFields = {
  readonly title: string;
  readonly description: string;
  readonly urgency: Urgency | null;
  readonly tags: readonly string[];
  readonly meta: JsonObject;
  readonly incident: Incident | null;
  readonly additional_data: readonly AdditionalDatum[];
};

/** The alert as a delivery shows it. */
export type AlertSnapshot = AlertFields & {
  readonly id: string;
  readonly key: string;
  readonly status: AlertStatus;
  readonly dedup_count: number;
};

/** The alert as the API shows it. */
export type Alert = AlertSnapshot & {
  readonly integration_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly acknowledged_at: string | null;
  readonly resolved_at: string | null;
};
