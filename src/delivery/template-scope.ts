import { type JsonObject, isJsonObject } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { type Deliverable, envelopeOf } from "./envelope.ts";
import { parseExact } from "./exact-json.ts";

/** The envelope as parsed JSON, numbers with all of their digits. */
export function readEnvelope(event: Deliverable): Result<JsonObject, string> {
  const parsed = parseExact(envelopeOf(event));
  if (!parsed.ok) return parsed;
  return isJsonObject(parsed.value) ? ok(parsed.value) : fail("The event's payload is not valid JSON.");
}

/** A member of a map; undefined for what is no map or has no such member of its own. */
export function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * What a template can read: the payload's fields, and over them `type`, `timestamp` and `data` of the envelope. The payload
 * of a group is its `data`.
 */
export function templateScope(envelope: JsonObject): JsonObject {
  const data = memberOf(envelope, "data");
  const event = memberOf(data, "event");
  const payload = event === undefined ? data : memberOf(event, "payload");
  return isJsonObject(payload) ? { ...payload, ...envelope } : envelope;
}
