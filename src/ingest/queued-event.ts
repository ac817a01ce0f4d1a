import { MAX_UTF8_BYTES_PER_CHARACTER } from "../platform/limits.ts";
import { type TimedResult, withTimeout } from "../platform/with-timeout.ts";
import type { EventMessage, StoredEventMessage } from "../model/event.ts";
import { bodyKey } from "../model/event.ts";

/**
 * A message that fits a queue: an event, or the place in R2 that holds it. `text` is its JSON, serialized once, and
 * `bytes` an upper bound of its size.
 */
export type QueuedEvent = {
  readonly message: EventMessage | StoredEventMessage;
  readonly text: string;
  readonly bytes: number;
};

const UPLOAD_TIMEOUT_MS = 10_000;
/** More than any reference takes. */
const REFERENCE_BYTES = 600;
const encoder = new TextEncoder();

/** Returns a message that fits a queue. An event of more than `maxBytes` is stored in R2 first. */
export async function toQueuedEvent(
  bodies: R2Bucket,
  message: EventMessage,
  maxBytes: number,
): Promise<TimedResult<QueuedEvent>> {
  const text = JSON.stringify(message);
  const bound = text.length * MAX_UTF8_BYTES_PER_CHARACTER;
  // Most events are so short that their bytes need no counting.
  if (bound <= maxBytes) return { kind: "done", value: { message, text, bytes: bound } };
  const json = encoder.encode(text);
  if (json.byteLength <= maxBytes) return { kind: "done", value: { message, text, bytes: json.byteLength } };
  const { v, id, integration_id, from } = message;
  const stored_at = bodyKey(id);
  const httpMetadata = { contentType: "application/json" };
  const uploaded = await withTimeout(UPLOAD_TIMEOUT_MS, () => bodies.put(stored_at, json, { httpMetadata }));
  if (uploaded.kind !== "done") return uploaded;
  const reference = { v, id, stored_at, bytes: json.byteLength, integration_id, from };
  return { kind: "done", value: { message: reference, text: JSON.stringify(reference), bytes: REFERENCE_BYTES } };
}
