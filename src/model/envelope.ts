import type { AlertSnapshot } from "./alert.ts";
import { type EventContent, type MessageType, payloadOf, senderHeaders } from "./event.ts";
import { parseExact } from "./exact-json.ts";
import { type Json, type JsonObject, isJsonObject, memberOf } from "./json.ts";
import { type Result, fail, ok } from "./result.ts";

/** An event as a destination receives it, the same on every attempt. */
export type Deliverable = {
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  readonly type: MessageType;
  readonly alert: AlertSnapshot | null;
  readonly content: EventContent;
  /** The body as the destination's transformation returned it, in place of the one that the other fields make. */
  readonly document?: Json;
};

/**
 * Returns the body of a delivery as JSON: `{type, timestamp, data: {event, alert?}}`. For a system event, `data` is its
 * payload. A payload that equals the request's JSON is copied as text, so that numbers keep all their digits.
 */
export function envelopeOf(event: Deliverable): string {
  const { id, integration_id, received_at, type, alert, content, document } = event;
  if (document !== undefined) return JSON.stringify(isJsonObject(document) ? withoutHeaders(document) : document);
  const payload = content.payload === undefined ? content.request.body : JSON.stringify(payloadOf(content));
  const test = content.test === true ? { test: true } : {};
  const facts = JSON.stringify({ id, integration_id, received_at, kind: content.kind, ...test }).slice(0, -1);
  const about = alert === null ? "" : `,"alert":${JSON.stringify(alert)}`;
  const head = JSON.stringify({ type, timestamp: received_at }).slice(0, -1);
  if (content.signal.action === "announce") return `${head},"data":${payload}}`;
  return `${head},"data":{"event":${facts},"payload":${payload}}${about}}}`;
}

/** Returns the body of a delivery as a value, with the sender's headers, for filters. */
export function documentOf(event: Deliverable, payload: Json = payloadOf(event.content)): JsonObject {
  const { id, integration_id, received_at, type, alert, content } = event;
  if (content.signal.action === "announce") return { type, timestamp: received_at, data: payload };
  const test = content.test === true ? { test: true } : {};
  const headers = senderHeaders(content);
  const facts = { id, integration_id, received_at, kind: content.kind, ...test, headers, payload };
  return { type, timestamp: received_at, data: { event: facts, ...(alert === null ? {} : { alert }) } };
}

/** Returns the body of a delivery with all digits of the sender's numbers, for templates. The error is a sentence. */
export function exactDocumentOf(event: Deliverable): Result<JsonObject, string> {
  const { document } = event;
  if (isJsonObject(document)) return ok(document);
  if (document !== undefined)
    return fail("The transformation must return an object, because the payload is made of it.");
  const { payload, request } = event.content;
  try {
    return ok(documentOf(event, payload === undefined ? parseExact(request.body) : payload));
  } catch (error) {
    if (error instanceof SyntaxError) return fail("The event's payload is not valid JSON.");
    throw error;
  }
}

/** Returns a document without the sender's headers, as destinations receive it. */
export function withoutHeaders(document: JsonObject): JsonObject {
  const data = memberOf(document, "data");
  const event = memberOf(data, "event");
  if (!isJsonObject(data) || !isJsonObject(event)) return document;
  const { headers: _headers, ...facts } = event;
  return { ...document, data: { ...data, event: facts } };
}

/** Returns the payload in the body of a delivery. A group has no event of its own: its payload is `data`. */
export function payloadIn(document: JsonObject): Json | undefined {
  const data = memberOf(document, "data");
  const event = memberOf(data, "event");
  return event === undefined ? data : memberOf(event, "payload");
}

/** Returns the variables of templates: the payload's fields, and `type`, `timestamp` and `data`, which take precedence. */
export function scopeOf(document: JsonObject): JsonObject {
  const payload = payloadIn(document);
  return isJsonObject(payload) ? { ...payload, ...document } : document;
}
