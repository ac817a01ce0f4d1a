import { type Settled, settleWithin } from "../http/time-limit.ts";
import type { EventMessage, StoredEventMessage } from "../model/event.ts";
import { bodyKey } from "../storage/bodies.ts";

/** A message that fits a queue, an event or where it is kept, with its length in bytes. */
export type QueuedEvent = { readonly message: EventMessage | StoredEventMessage; readonly bytes: number };

/** A queue takes 128,000 bytes a message; the rest is for what the platform adds. */
const MOST_BYTES = 120_000;
/** A `sendBatch` takes 100 messages and 256 KB. */
const MOST_BATCH_BYTES = 240_000;
const MOST_BATCH_MESSAGES = 100;
const SEND_LIMIT_MS = 3_000;
const UPLOAD_LIMIT_MS = 10_000;

const encoder = new TextEncoder();

/** Gives a message that fits the queue; a larger event is put in R2 first. */
export async function shrinkToFit(bodies: R2Bucket, message: EventMessage): Promise<Settled<QueuedEvent>> {
  const json = encoder.encode(JSON.stringify(message));
  const bytes = json.byteLength;
  if (bytes <= MOST_BYTES) return { kind: "done", value: { message, bytes } };
  const { v, id } = message;
  const stored_at = bodyKey(id);
  const httpMetadata = { contentType: "application/json" };
  const uploaded = await settleWithin(UPLOAD_LIMIT_MS, () => bodies.put(stored_at, json, { httpMetadata }));
  return uploaded.kind === "done" ? { kind: "done", value: { message: { v, id, stored_at }, bytes: 200 } } : uploaded;
}

/** Events in groups that one `sendBatch` takes. */
export function groupsToSend(events: readonly QueuedEvent[]): QueuedEvent[][] {
  const groups: QueuedEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const group = groups.at(-1);
    bytes += event.bytes;
    if (group === undefined || bytes > MOST_BATCH_BYTES || group.length === MOST_BATCH_MESSAGES) {
      groups.push([event]);
      bytes = event.bytes;
    } else {
      group.push(event);
    }
  }
  return groups;
}

/** Sends one group of events to be processed. A send that did not settle in time may still arrive. */
export function sendEvents(events: Queue, group: readonly QueuedEvent[]): Promise<Settled<unknown>> {
  const [only] = group;
  return settleWithin(SEND_LIMIT_MS, () =>
    only !== undefined && group.length === 1
      ? events.send(only.message, { contentType: "json" })
      : events.sendBatch(group.map(({ message }) => ({ body: message, contentType: "json" }))),
  );
}
