import type { EventStores } from "../../platform/shards.ts";
import {
  type EventAggregate,
  type EventContent,
  type EventMessage,
  type MessageType,
  parseEventMessage,
} from "../../model/event.ts";
import { readFitting } from "../pages.ts";
import { fromColumn, text } from "../rows.ts";
import { findRow, readColdRows } from "./cold/find.ts";
import { AGGREGATE_COLUMNS, type ContentColumn, parseAggregate, readAggregates } from "./event-row.ts";

// An event's content is in its row, or in R2 if the message is too large for a queue.

/** What R2 holds under a key: a message, nothing (any more), or something that this version cannot read. */
export type StoredMessage =
  | { readonly kind: "message"; readonly message: EventMessage }
  | { readonly kind: "gone" }
  | { readonly kind: "unreadable" };

/** Reads a message from R2. Throws if R2 cannot be read. */
export async function readStored(bodies: R2Bucket, key: string): Promise<StoredMessage> {
  const object = await bodies.get(key);
  if (object === null) return { kind: "gone" };
  const message = parseEventMessage(await object.text());
  return message !== null && "content" in message ? { kind: "message", message } : { kind: "unreadable" };
}

/** Returns a message from R2, or null if it is gone or unreadable. Throws if R2 cannot be read. */
export async function readStoredMessage(bodies: R2Bucket, key: string): Promise<EventMessage | null> {
  const stored = await readStored(bodies, key);
  return stored.kind === "message" ? stored.message : null;
}

/** Returns what a content column holds, or null if it is gone. Throws if R2 cannot be read. */
export async function contentIn(stores: EventStores, column: ContentColumn): Promise<EventContent | null> {
  if (!("stored_at" in column)) return column;
  return (await readStoredMessage(stores.bodies, column.stored_at))?.content ?? null;
}

/**
 * Yields the contents of events, without those that are gone, so that few are in memory at a time. Throws if D1 or R2 cannot
 * be read.
 */
export async function* eachContent(
  stores: EventStores,
  eventIds: readonly string[],
): AsyncGenerator<{ readonly id: string; readonly content: EventContent }> {
  const missing = new Set(eventIds);
  let left = eventIds;
  while (left.length > 0) {
    const page = await readFitting(stores.shard.db, { table: "events", short: "id", long: ["content"] }, left);
    for (const row of page.rows) {
      const content = await contentIn(stores, fromColumn<ContentColumn>(row, "content"));
      if (content !== null) yield { id: text(row, "id"), content };
    }
    for (const row of page.rows) missing.delete(text(row, "id"));
    left = page.left;
  }
  for (const [id, row] of await readColdRows(stores, [...missing])) {
    const content = await contentIn(stores, fromColumn<ContentColumn>(row, "content"));
    if (content !== null) yield { id, content };
  }
}

/** An event with its content, or null if that is gone. */
export type EventWithContent = Omit<EventAggregate, "content"> & { readonly content: EventContent | null };

/** Contents in R2 that are read at a time have at most this many characters. */
const MAX_STORED_CHARACTERS = 8_000_000;

/**
 * Returns as many of these events as fit into memory, in the order of their ids, and at least one that is recorded. Throws if
 * D1 or R2 cannot be read.
 */
export async function readEvents(
  stores: EventStores,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, EventWithContent>> {
  const events = new Map<string, EventWithContent>();
  let characters = 0;
  const hot = await readAggregates(stores.shard.db, eventIds);
  const known = new Set([...hot.rows.map(({ id }) => id), ...hot.left]);
  const cold = await readColdRows(
    stores,
    eventIds.filter((id) => !known.has(id)),
  );
  const rows = [...hot.rows, ...[...cold.values()].map(parseAggregate)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const row of rows) {
    const content = await contentIn(stores, row.content);
    if ("stored_at" in row.content) characters += content?.request.body.length ?? 0;
    if (events.size > 0 && characters > MAX_STORED_CHARACTERS) break;
    events.set(row.id, { ...row, content });
  }
  return events;
}

/** A deliverable event with everything that its delivery is made of. */
export type StoredDeliverable = Omit<EventAggregate, "type" | "content"> & {
  readonly type: MessageType;
  readonly content: EventContent;
};

/** Why there is no deliverable: no such event, an event without a deliverable outcome, or one whose content is gone. */
export type NoDeliverable = "unknown" | "not_deliverable" | "erased";

/** Returns an event with its content, or null if there is none with this id. Throws if D1 or R2 cannot be read. */
export async function findEventWithContent(stores: EventStores, id: string): Promise<EventWithContent | null> {
  const row = await findRow(stores, AGGREGATE_COLUMNS, id);
  if (row === null) return null;
  const event = parseAggregate(row);
  return { ...event, content: await contentIn(stores, event.content) };
}

/** Reads an event as a delivery needs it. Throws if D1 or R2 cannot be read. */
export async function findDeliverable(stores: EventStores, id: string): Promise<StoredDeliverable | NoDeliverable> {
  const event = await findEventWithContent(stores, id);
  if (event === null) return "unknown";
  const { type, content } = event;
  if (type === null) return "not_deliverable";
  return content === null ? "erased" : { ...event, type, content };
}
