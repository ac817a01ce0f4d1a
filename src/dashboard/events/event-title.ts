import type { Event } from "../../client/index.ts";
import { type Json, isJsonObject, isList } from "../../model/json.ts";

/** Fields in which a sender without a source of its own says what happened. */
const WHAT_FIELDS = ["type", "event", "event_type", "eventType", "event_name", "eventName", "topic", "object_kind"];
/** Rows and headings have room for this many characters. */
const MAX_LENGTH = 120;
const MAX_FIELDS = 3;

function cut(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1).toWellFormed()}…` : line;
}

function scalarText(value: Json | undefined): string {
  if (typeof value === "string") return value.slice(0, MAX_LENGTH).trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** Returns the beginning of a payload in words; "" for an empty one. */
function summaryOf(payload: Json): string {
  if (isList(payload)) return payload.length === 1 ? "1 item" : `${payload.length} items`;
  if (!isJsonObject(payload)) return scalarText(payload);
  const whatField = WHAT_FIELDS.find((name) => scalarText(payload[name]) !== "");
  const entries = Object.entries(payload);
  const fields = entries
    .filter(([name, value]) => name !== whatField && scalarText(value) !== "")
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => `${name}: ${scalarText(value)}`)
    .join(", ");
  const names = entries
    .slice(0, MAX_FIELDS)
    .map(([name]) => name)
    .join(", ");
  if (whatField === undefined) return fields === "" ? names : fields;
  const what = scalarText(payload[whatField]);
  return fields === "" ? what : `${what} · ${fields}`;
}

/** Returns what a list or a heading calls an event: its title, else the beginning of its payload, else its type. */
export function eventTitle({ title, type, payload }: Pick<Event, "title" | "type" | "payload">): string {
  if (title !== null) return title;
  const summary = cut(summaryOf(payload));
  return summary === "" ? (type ?? "Event without a title") : summary;
}
