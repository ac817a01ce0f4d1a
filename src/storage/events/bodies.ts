import { type EventMessage, parseEventMessage } from "../../model/event.ts";

/** Where a message that is too large for a queue is kept. */
export function bodyKey(eventId: string): string {
  return `events/${eventId}`;
}

/** What is kept under a key: a message, nothing (any more), or something that this code does not know. */
export type Kept =
  | { readonly kind: "message"; readonly message: EventMessage }
  | { readonly kind: "gone" }
  | { readonly kind: "unreadable" };

/** Reads a message that was kept in R2. Throws where R2 cannot be read. */
export async function readKept(bodies: R2Bucket, key: string): Promise<Kept> {
  const object = await bodies.get(key);
  if (object === null) return { kind: "gone" };
  const message = parseEventMessage(parseJson(await object.text()));
  return message !== null && "content" in message ? { kind: "message", message } : { kind: "unreadable" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A message kept in R2; null where it cannot be had (any more). Throws where R2 cannot be read. */
export async function readStoredMessage(bodies: R2Bucket, key: string): Promise<EventMessage | null> {
  const kept = await readKept(bodies, key);
  return kept.kind === "message" ? kept.message : null;
}
