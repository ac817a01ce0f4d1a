import { type TimedResult, withTimeout } from "../platform/with-timeout.ts";
import type { EventMessage, StoredEventMessage } from "../model/event.ts";
import { bodyKey } from "../storage/events/bodies.ts";

/**
 * A message that fits a queue: an event or where it is kept. It travels as the text that it is written as, once, and `bytes`
 * is what it takes at most.
 */
export type QueuedEvent = {
  readonly message: EventMessage | StoredEventMessage;
  readonly text: string;
  readonly bytes: number;
};

/** A `sendBatch` takes 100 messages and 256 KB. */
export const MAX_BATCH_BYTES = 240_000;
export const MAX_BATCH_MESSAGES = 100;
const SEND_LIMIT_MS = 3_000;
const UPLOAD_LIMIT_MS = 10_000;

/** A UTF-16 code unit is at most so many bytes of UTF-8. */
const MAX_BYTES_OF_UNIT = 3;
const encoder = new TextEncoder();

/** Gives a message that fits the queue; an event of more than `mostBytes` is put in R2 first. */
export async function shrinkToFit(
  bodies: R2Bucket,
  message: EventMessage,
  mostBytes: number,
): Promise<TimedResult<QueuedEvent>> {
  const text = JSON.stringify(message);
  const atMost = text.length * MAX_BYTES_OF_UNIT;
  // Most are so short that nobody has to count.
  if (atMost <= mostBytes) return { kind: "done", value: { message, text, bytes: atMost } };
  const json = encoder.encode(text);
  if (json.byteLength <= mostBytes) return { kind: "done", value: { message, text, bytes: json.byteLength } };
  const { v, id } = message;
  const stored_at = bodyKey(id);
  const httpMetadata = { contentType: "application/json" };
  const uploaded = await withTimeout(UPLOAD_LIMIT_MS, () => bodies.put(stored_at, json, { httpMetadata }));
  if (uploaded.kind !== "done") return uploaded;
  const reference = { v, id, stored_at, bytes: json.byteLength };
  return { kind: "done", value: { message: reference, text: JSON.stringify(reference), bytes: 200 } };
}

/** Events in groups that one `sendBatch` takes. */
export function groupsToSend(events: readonly QueuedEvent[]): QueuedEvent[][] {
  const groups: QueuedEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const group = groups.at(-1);
    bytes += event.bytes;
    if (group === undefined || bytes > MAX_BATCH_BYTES || group.length === MAX_BATCH_MESSAGES) {
      groups.push([event]);
      bytes = event.bytes;
    } else {
      group.push(event);
    }
  }
  return groups;
}

/** Sends one group of events to be processed. A send that did not settle in time may still arrive. */
export function sendEvents(events: Queue, group: readonly QueuedEvent[]): Promise<TimedResult<unknown>> {
  const [only] = group;
  return withTimeout(SEND_LIMIT_MS, () =>
    only !== undefined && group.length === 1
      ? events.send(only.text, { contentType: "text" })
      : events.sendBatch(group.map(({ text }) => ({ body: text, contentType: "text" }))),
  );
}
