import type { EventStores } from "../../platform/shards.ts";
import {
  type EventAggregate,
  type EventContent,
  type EventMessage,
  type MessageType,
  parseEventMessage,
} from "../../model/event.ts";
import { readAggregates } from "./event-row.ts";

// An event's content is in its row, or in R2 if the message is too large for a queue.

/** Returns the R2 key of a message. */
export function bodyKey(eventId: string): string {
  return `events/${eventId}`;
}

/** What R2 holds under a key: a message, nothing (any more), or something that this version cannot read. */
export type StoredMessage =
  | { readonly kind: "message"; readonly message: EventMessage }
  | { readonly kind: "gone" }
  | { readonly kind: "unreadable" };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads a message from R2. Throws if R2 cannot be read. */
export async function readStored(bodies: R2Bucket, key: string): Promise<StoredMessage> {
  const object = await bodies.get(key);
  if (object === null) return { kind: "gone" };
  const message = parseEventMessage(parseJson(await object.text()));
  return message !== null && "content" in message ? { kind: "message", message } : { kind: "unreadable" };
}

/** Returns a message from R2, or null if it is gone or unreadable. Throws if R2 cannot be read. */
export async function readStoredMessage(bodies: R2Bucket, key: string): Promise<EventMessage | null> {
  const stored = await readStored(bodies, key);
  return stored.kind === "message" ? stored.message : null;
}

/** Returns the contents of events by id, without those that are gone. Throws if D1 or R2 cannot be read. */
export async function readContents(
  stores: EventStores,
  eventIds: readonly string[],
): Promise<Map<string, EventContent>> {
  const contents = new Map<string, EventContent>();
  if (eventIds.length === 0) return contents;
  for (const { id, content } of await readAggregates(stores.shard.db, eventIds)) {
    const found =
      "stored_at" in content ? (await readStoredMessage(stores.bodies, content.stored_at))?.content : content;
    if (found !== undefined) contents.set(id, found);
  }
  return contents;
}

/** A deliverable event with everything that its delivery is made of. */
export type StoredDeliverable = Omit<EventAggregate, "type" | "content"> & {
  readonly type: MessageType;
  readonly content: EventContent;
};

/** Why there is no deliverable: no such event, an event without a deliverable outcome, or one whose content is gone. */
export type NoDeliverable = "unknown" | "not_deliverable" | "erased";

/** Reads an event as a delivery needs it. Throws if D1 or R2 cannot be read. */
export async function findDeliverable(stores: EventStores, id: string): Promise<StoredDeliverable | NoDeliverable> {
  const [event] = await readAggregates(stores.shard.db, [id]);
  if (event === undefined) return "unknown";
  if (event.type === null) return "not_deliverable";
  const content = (await readContents(stores, [id])).get(id);
  return content === undefined ? "erased" : { ...event, type: event.type, content };
}
