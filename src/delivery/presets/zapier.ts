import { Digits } from "../../model/digits.ts";
import { type JsonObject, isJsonObject, memberOf } from "../../model/json.ts";
import { type Preset, json } from "./preset.ts";

const SEPARATOR = "__";
const MAX_FIELDS = 1_000;

type Fields = Map<string, unknown>;

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null || value instanceof Digits;
}

function setField(fields: Fields, name: string, value: unknown): void {
  if (fields.size >= MAX_FIELDS && !fields.has(name)) return;
  fields.set(name.toWellFormed(), typeof value === "string" ? value.toWellFormed() : value);
}

function flatten(fields: Fields, name: string, value: unknown): void {
  if (fields.size >= MAX_FIELDS) return;
  if (isScalar(value)) return setField(fields, name, value);
  if (Array.isArray(value)) {
    if (value.every(isScalar)) return setField(fields, name, value.map((item) => String(item ?? "")).join(","));
    for (const [index, item] of value.entries()) flatten(fields, `${name}${SEPARATOR}${index}`, item);
  } else if (isJsonObject(value)) {
    flattenMap(fields, `${name}${SEPARATOR}`, value);
  }
}

function flattenMap(fields: Fields, prefix: string, map: JsonObject): void {
  for (const [name, value] of Object.entries(map)) flatten(fields, prefix + name, value);
}

function mapOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** One flat map, as Zapier lists fields: those of the payload by their own names, all others by their paths. */
export const zapier: Preset = {
  title: "Zapier",
  category: "automation",
  summary: "Starts a Zap, with the payload as flat fields.",
  options: {},
  render({ type, timestamp, envelope, payload, event_id }) {
    // The envelope's fields come first, so that they win over the payload's and never fall victim to the limit.
    const fields: Fields = new Map<string, unknown>([
      ["type", type],
      ["timestamp", timestamp],
      ["event__id", event_id],
    ]);
    const { event, alert, ...rest } = mapOf(memberOf(envelope, "data"));
    const { payload: _payload, ...facts } = mapOf(event);
    flattenMap(fields, `event${SEPARATOR}`, facts);
    flattenMap(fields, `alert${SEPARATOR}`, mapOf(alert));
    const own: Fields = new Map();
    if (payload === undefined) flattenMap(own, "", rest);
    else if (isScalar(payload) || Array.isArray(payload)) flatten(own, "payload", payload);
    else flattenMap(own, "", mapOf(payload));
    for (const [name, value] of own) if (!fields.has(name)) setField(fields, name, value);
    return json(Object.fromEntries(fields));
  },
};
