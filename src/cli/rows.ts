import type { Json, JsonObject } from "../client/index.ts";
import { isJsonObject } from "../model/json.ts";
import { writeJson } from "../model/portable-json.ts";

// Fields of rows as the gateway sends them. A field that is missing, as with an older gateway, reads as empty.

export function isObject(value: Json | undefined): value is JsonObject {
  return isJsonObject(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A value as text: a string as it is, and everything else as JSON. */
export function plain(value: Json): string {
  return typeof value === "string" ? value : writeJson(value);
}

/** A field as text: empty for null and for what is missing. */
export function field(row: JsonObject, name: string): string {
  const value = row[name];
  if (value === undefined || value === null) return "";
  return plain(value);
}

export function count(row: JsonObject, name: string): number {
  const value = row[name];
  return typeof value === "number" ? value : 0;
}

export function object(row: JsonObject, name: string): JsonObject {
  const value = row[name];
  return isObject(value) ? value : {};
}

export function list(row: JsonObject, name: string): readonly Json[] {
  const value = row[name];
  return isList(value) ? value : [];
}

export function objects(row: JsonObject, name: string): readonly JsonObject[] {
  return list(row, name).filter(isObject);
}

/** The first of some values that is not empty. */
export function firstOf(...values: readonly string[]): string {
  return values.find((value) => value !== "") ?? "";
}

/** The note of an event, with the command that says more. */
export function noteOf(event: JsonObject): string {
  const note = field(event, "note");
  return event["unrouted"] === true ? `${note} \`hookgate events explain ${field(event, "id")}\` says why.` : note;
}
