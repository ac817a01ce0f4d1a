import type { Json, JsonObject } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { isList, isObject } from "../rows.ts";
import { paint, toneOf } from "./paint.ts";
import { neutralize, oneLine } from "./text.ts";
import { exactly, isTime } from "./time.ts";

const INDENT = "  ";

/** What null means in fields in which it is not "none". */
const WITHOUT_VALUE = new Map([
  ["integration_ids", "all"],
  ["event_types", "all"],
  ["allowed_ips", "any"],
  ["retry_schedule", "the gateway's"],
  ["last_event_at", "never"],
  ["expires_at", "never"],
]);

function scalar(name: string, value: Json, nowMs: number): string {
  if (value === null) return paint("faint", WITHOUT_VALUE.get(name) ?? "none");
  if (typeof value !== "string") return oneLine(writeJson(value));
  if (value === "") return paint("faint", "empty");
  if (isTime(value)) return exactly(value, nowMs);
  return paint(name === "status" || name === "outcome" ? toneOf(value) : null, oneLine(value));
}

function isShort(value: Json): boolean {
  if (isList(value)) return value.every((item) => !isList(item) && !isObject(item));
  if (isObject(value)) return Object.keys(value).length === 0;
  return typeof value !== "string" || !value.includes("\n");
}

function short(name: string, value: Json, nowMs: number): string {
  if (isList(value)) {
    return value.length === 0 ? paint("faint", "none") : value.map((item) => scalar(name, item, nowMs)).join(", ");
  }
  return isObject(value) ? paint("faint", "none") : scalar(name, value, nowMs);
}

function blockLines(name: string, value: Json, nowMs: number): string[] {
  if (isList(value)) {
    return value.flatMap((item) => {
      const [first = "", ...rest] = isShort(item) ? [short(name, item, nowMs)] : blockLines(name, item, nowMs);
      return [`- ${first}`, ...rest.map((line) => INDENT + line)];
    });
  }
  return isObject(value)
    ? recordLines(value, nowMs)
    : neutralize(typeof value === "string" ? value : writeJson(value)).split("\n");
}

/** The lines of an object, a field on each. Nested objects and long texts are indented below their name. */
export function recordLines(record: JsonObject, nowMs: number): string[] {
  const entries = Object.entries(record);
  const width = Math.max(0, ...entries.filter(([, value]) => isShort(value)).map(([name]) => oneLine(name).length));
  return entries.flatMap(([name, value]) => {
    const label = oneLine(name);
    if (isShort(value))
      return [
        `${paint("strong", label)}${" ".repeat(Math.max(0, width - label.length))}  ${short(name, value, nowMs)}`,
      ];
    return [paint("strong", label), ...blockLines(name, value, nowMs).map((line) => INDENT + line)];
  });
}
