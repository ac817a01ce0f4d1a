import {
  type AdditionalDatum,
  type AlertFields,
  INCIDENT_SEVERITIES,
  type Incident,
  URGENCIES,
  type Urgency,
} from "../../model/alert.ts";
import type { PagertreeOptions } from "../../model/integration.ts";
import { type Json, type JsonObject, isJsonObject, isList } from "../../model/json.ts";
import { type FieldError, MAX_ERRORS, type Result, fail, ok } from "../../model/result.ts";
import type { OwnText } from "../reading/alert-text.ts";
import type { Field, Fields } from "../reading/fields.ts";

const KNOWN_FIELDS: readonly string[] = [
  "event_type",
  "id",
  "title",
  "description",
  "tags",
  "meta",
  "urgency",
  "dedup_keys",
];
const INCIDENT_KEYS: readonly string[] = ["incident", "incident_severity", "incident_message"];
const YES: readonly string[] = ["true", "t", "1", "yes", "y", "on"];

type Details = { readonly meta: JsonObject; readonly incident: Incident | null };

function readTitle(field: Field | undefined, own: string | null): Result<string, FieldError> {
  if (own !== null) return ok(own);
  const value = field?.value ?? null;
  if (typeof value === "string" && value.trim() !== "") return ok(value.toWellFormed());
  const message = value === null ? "is required to create an alert" : "must be a text that is not blank";
  return fail({ path: field?.name ?? "Title", message });
}

function readDescription(field: Field | undefined, own: string | null): Result<string, FieldError> {
  if (own !== null) return ok(own);
  if (field === undefined || field.value === null) return ok("");
  if (typeof field.value === "string") return ok(field.value.toWellFormed());
  return fail({ path: field.name, message: "must be a text" });
}

function readTags(field: Field | undefined): Result<readonly string[], readonly FieldError[]> {
  if (field === undefined || field.value === null) return ok([]);
  const value = field.digits();
  if (isJsonObject(value)) return fail([{ path: field.name, message: "must be a list of texts, not a map" }]);
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  const tags = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, item] of items.entries()) {
    if (typeof item === "object" && item !== null) {
      errors.push({
        path: `${field.name}[${index}]`,
        message: "must be a text, a number or a boolean",
      });
      if (errors.length === MAX_ERRORS) break;
    } else if (item !== null && String(item).trim() !== "") {
      tags.add(String(item).toWellFormed());
    }
  }
  return errors.length > 0 ? fail(errors) : ok([...tags]);
}

// Only the words for "yes" count as true, because the words for "no" are texts that are not empty either.
function isTrue(value: Json | undefined): boolean {
  if (typeof value === "string") return YES.includes(value.trim().toLowerCase());
  return value === true || (typeof value === "number" && value !== 0);
}

function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();
}

function readIncident(meta: JsonObject): Incident | null {
  if (!isTrue(meta["incident"])) return null;
  const written = asText(meta["incident_severity"]).trim().toUpperCase();
  const severity = INCIDENT_SEVERITIES.find((known) => known === written) ?? "SEV-UNKNOWN";
  return { severity, message: asText(meta["incident_message"]) };
}

function readMeta(field: Field | undefined): Result<Details, FieldError> {
  if (field === undefined || field.value === null) return ok({ meta: {}, incident: null });
  const map = field.exact();
  if (!isJsonObject(map)) return fail({ path: field.name, message: "must be a map" });
  const rest = Object.entries(map).filter(([name]) => !INCIDENT_KEYS.includes(name));
  return ok({ meta: Object.fromEntries(rest), incident: readIncident(map) });
}

function readUrgency(field: Field | undefined, otherwise: Urgency | null): Urgency | null {
  if (typeof field?.value !== "string") return otherwise;
  const text = field.value.toLowerCase();
  // The highest urgency in the text counts: "critical, below threshold" contains "low" too.
  return URGENCIES.findLast((urgency) => text.includes(urgency)) ?? otherwise;
}

function captureOthers(fields: Fields): AdditionalDatum[] {
  return fields.all
    .filter(({ name }) => !KNOWN_FIELDS.includes(name.toLowerCase()))
    .map((field) => {
      const value = field.exact();
      const isNested = isJsonObject(value) || isList(value);
      return { format: "text", label: field.name.toWellFormed(), value: isNested ? JSON.stringify(value) : value };
    });
}

/**
 * Returns the alert of a create, or an error for each wrong field. A text from the integration's template needs no
 * field.
 */
export function readAlertFields(
  fields: Fields,
  options: PagertreeOptions,
  text: OwnText,
): Result<AlertFields, readonly FieldError[]> {
  const title = readTitle(fields.find("Title"), text.title);
  const description = readDescription(fields.find("Description"), text.description);
  const tags = readTags(fields.find("Tags"));
  const details = readMeta(fields.find("Meta"));
  if (!title.ok || !description.ok || !tags.ok || !details.ok) {
    return fail([
      ...(title.ok ? [] : [title.error]),
      ...(description.ok ? [] : [description.error]),
      ...(tags.ok ? [] : tags.error),
      ...(details.ok ? [] : [details.error]),
    ]);
  }
  return ok({
    title: title.value,
    description: description.value,
    urgency: readUrgency(fields.find("Urgency"), options.default_urgency),
    tags: tags.value,
    meta: details.value.meta,
    incident: details.value.incident,
    additional_data: options.capture_additional_data ? captureOthers(fields) : [],
  });
}
