import { type EventMessage, parseEventMessage } from "../model/event.ts";

/** Where a message that is too large for a queue is kept. */
export function bodyKey(eventId: string): string {
  return `events/${eventId}`;
}

/** A message kept in R2; null where it is not there (any more). Throws where R2 cannot be read. */
export async function readStoredMessage(bodies: R2Bucket, key: string): Promise<EventMessage | null> {
  const object = await bodies.get(key);
  if (object === null) return null;
  const message = parseEventMessage(await object.json());
  return message !== null && "content" in message ? message : null;
}
