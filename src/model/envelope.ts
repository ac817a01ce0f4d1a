import type { AlertSnapshot } from "./alert.ts";
import { type EventContent, type MessageType, payloadOf } from "./event.ts";
import { parseExact } from "./exact-json.ts";
import { type Json, type JsonObject, isJsonObject, memberOf } from "./json.ts";
import { type Result, fail, ok } from "./result.ts";

/** An event as it is told to a destination, the same on every attempt. */
export type Deliverable = {
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  readonly type: MessageType;
  readonly alert: AlertSnapshot | null;
  readonly content: EventContent;
};

/**
 * The body of a delivery: `{type, timestamp, data: {event, alert?}}` as JSON; what the gateway itself announces is the whole
 * of `data`.
 * A payload that is just the request's own JSON goes in as it was written, so that numbers keep all their digits.
 */
export function envelopeOf(event: Deliverable): string {
  const { id, integration_id, received_at, type, alert, content } = event;
  const payload = content.payload === undefined ? content.request.body : JSON.stringify(payloadOf(content));
  const facts = JSON.stringify({ id, integration_id, received_at, kind: content.kind }).slice(0, -1);
  const about = alert === null ? "" : `,"alert":${JSON.stringify(alert)}`;
  const head = JSON.stringify({ type, timestamp: received_at }).slice(0, -1);
  if (content.signal.action === "announce") return `${head},"data":${payload}}`;
  return `${head},"data":{"event":${facts},"payload":${payload}}${about}}}`;
}

/** The body of a delivery as a value, for filters to look at. */
export function documentOf(event: Deliverable, payload: Json = payloadOf(event.content)): JsonObject {
  const { id, integration_id, received_at, type, alert, content } = event;
  if (content.signal.action === "announce") return { type, timestamp: received_at, data: payload };
  const facts = { id, integration_id, received_at, kind: content.kind, payload };
  return { type, timestamp: received_at, data: { event: facts, ...(alert === null ? {} : { alert }) } };
}

/** The same with all digits of the sender's numbers, for what is written of it; the error is a sentence. */
export function exactDocumentOf(event: Deliverable): Result<JsonObject, string> {
  const { payload, request } = event.content;
  try {
    return ok(documentOf(event, payload === undefined ? parseExact(request.body) : payload));
  } catch (error) {
    if (error instanceof SyntaxError) return fail("The event's payload is not valid JSON.");
    throw error;
  }
}

/** The payload in the body of a delivery; what has no event of its own, a group, is its payload itself. */
export function payloadIn(document: JsonObject): Json | undefined {
  const data = memberOf(document, "data");
  const event = memberOf(data, "event");
  return event === undefined ? data : memberOf(event, "payload");
}

/** What templates can read: the payload's fields, and over them the document's own `type`, `timestamp` and `data`. */
export function scopeOf(document: JsonObject): JsonObject {
  const payload = payloadIn(document);
  return isJsonObject(payload) ? { ...payload, ...document } : document;
}
