import { isNumber } from "./digits.ts";
import { type Json, isJsonObject, isList, unwrapped } from "./json.ts";

// What a payload without a title is about, in words.

/** Fields in which a sender without a source of its own says what happened. */
const WHAT_FIELDS = ["type", "event", "event_type", "eventType", "event_name", "eventName", "topic", "object_kind"];
/** Rows and headings have room for this many characters. */
const MAX_LENGTH = 120;
const MAX_FIELDS = 3;

function cut(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  const short = line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
  return short.toWellFormed();
}

function scalarText(value: Json | undefined): string {
  if (typeof value === "string") return value.slice(0, MAX_LENGTH).trim();
  return isNumber(value) || typeof value === "boolean" ? String(value).slice(0, MAX_LENGTH) : "";
}

function partsOf(payload: Json): string {
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

/** Returns the beginning of a payload in words; "" for an empty one. */
export function summaryOfPayload(payload: Json): string {
  return cut(partsOf(unwrapped(payload)));
}
