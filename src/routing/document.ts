import type { AlertSnapshot } from "../model/alert.ts";
import { type EventContent, type MessageType, payloadOf } from "../model/event.ts";
import { type Json, type JsonObject, isJsonObject } from "../model/json.ts";

/** An event as it is told to a destination. */
export type Told = {
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  readonly type: MessageType;
  readonly alert: AlertSnapshot | null;
  readonly content: EventContent;
};

/** The body of a delivery as a value, for filters and templates to look at. */
export function documentOf(told: Told, payload: Json = payloadOf(told.content)): JsonObject {
  const { id, integration_id, received_at, type, alert, content } = told;
  if (content.signal.action === "announce") return { type, timestamp: received_at, data: payload };
  const event = { id, integration_id, received_at, kind: content.kind, payload };
  return { type, timestamp: received_at, data: { event, ...(alert === null ? {} : { alert }) } };
}

/** What templates see: the body of a delivery, and beside it the fields of the payload, over which the body's own names win. */
export function scopeOf(document: JsonObject, payload: Json): JsonObject {
  return isJsonObject(payload) ? { ...payload, ...document } : document;
}

const LONG_NUMBER = /\d{16}/;

/** The payload with whole numbers beyond 2^53 as the texts that were sent: they are ids, and would be rounded to others. */
export function exactPayloadOf(content: EventContent): Json {
  const { payload, request } = content;
  if (payload !== undefined || !LONG_NUMBER.test(request.body)) return payloadOf(content);
  const exact: Json = JSON.parse(request.body, (_name, found: unknown, context?: { readonly source?: string }) =>
    Number.isInteger(found) && !Number.isSafeInteger(found) ? (context?.source ?? found) : found,
  );
  return exact;
}
