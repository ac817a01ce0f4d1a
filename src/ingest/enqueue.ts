import { type Settled, settleWithin } from "../http/time-limit.ts";
import type { EventMessage, StoredEventMessage } from "../model/event.ts";
import { bodyKey } from "../storage/bodies.ts";

/** A message that fits a queue: an event, or where it is kept. */
export type QueuedEvent = EventMessage | StoredEventMessage;

/** A queue takes 128,000 bytes a message; the rest is for what the platform adds. */
const MOST_BYTES = 120_000;
const SEND_LIMIT_MS = 3_000;
const UPLOAD_LIMIT_MS = 10_000;

const encoder = new TextEncoder();

/** Gives a message that fits the queue; a larger event is put in R2 first. */
export async function shrinkToFit(bodies: R2Bucket, message: EventMessage): Promise<Settled<QueuedEvent>> {
  const json = encoder.encode(JSON.stringify(message));
  if (json.byteLength <= MOST_BYTES) return { kind: "done", value: message };
  const { v, id } = message;
  const stored_at = bodyKey(id);
  const httpMetadata = { contentType: "application/json" };
  const uploaded = await settleWithin(UPLOAD_LIMIT_MS, () => bodies.put(stored_at, json, { httpMetadata }));
  return uploaded.kind === "done" ? { kind: "done", value: { v, id, stored_at } } : uploaded;
}

/** Sends an event to be processed. A send that did not settle in time may still arrive. */
export function sendEvent(events: Queue, message: QueuedEvent): Promise<Settled<unknown>> {
  return settleWithin(SEND_LIMIT_MS, () => events.send(message, { contentType: "json" }));
}
