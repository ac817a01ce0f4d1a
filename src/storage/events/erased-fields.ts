import type { AlertFields } from "../../model/alert.ts";
import { ERASED_CONTENT } from "./event-row.ts";

/** The fields that an alert shows after its event was erased. */
export const ERASED_FIELDS: AlertFields = {
  title: "(erased)",
  description: "",
  urgency: null,
  tags: [],
  meta: {},
  incident: null,
  additional_data: [],
};

const ERASED_FIELDS_COLUMN = JSON.stringify(ERASED_FIELDS);
const ERASED_COLUMN = JSON.stringify(ERASED_CONTENT);

/** SQL for an alert, as JSON, without the fields that an event set. */
export function withoutFields(alert: string): string {
  const assigned = Object.entries(ERASED_FIELDS).map(
    ([name, value]) => `'$.${name}', json('${JSON.stringify(value)}')`,
  );
  return `json_set(${alert}, ${assigned.join(", ")})`;
}

/** SQL that holds if an event is on record and was erased. NULL is no event. */
function isErased(eventId: string): string {
  return `EXISTS (
    SELECT 1 FROM events f WHERE f.id = ${eventId} AND OCTET_LENGTH(f.content) = ${ERASED_COLUMN.length} AND f.content = '${ERASED_COLUMN}')`;
}

/** SQL for an alert, as JSON, whose fields the event `fieldsFrom` set: without them if that was erased since they were read. */
export function unlessErased(alert: string, fieldsFrom: string): string {
  return `CASE WHEN ${isErased(fieldsFrom)} THEN ${withoutFields(alert)} ELSE ${alert} END`;
}

/** SQL for the fields of an alert, as JSON, that the event `fieldsFrom` set: erased ones if that was erased since they were read. */
export function fieldsUnlessErased(fields: string, fieldsFrom: string): string {
  return `CASE WHEN ${isErased(fieldsFrom)} THEN '${ERASED_FIELDS_COLUMN}' ELSE ${fields} END`;
}
