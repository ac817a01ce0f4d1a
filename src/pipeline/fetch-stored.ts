import type { Context } from "../context.ts";
import type { EventMessage, StoredEventMessage } from "../model/event.ts";
import { takeTurns } from "../model/turns.ts";
import { MAX_OWN_CALLS_AT_A_TIME } from "../platform/limits.ts";
import { describeError, logLine } from "../platform/log.ts";
import { readStored } from "../storage/events/log.ts";
import { clearOutbox } from "../storage/pipeline/dead-letters.ts";
import type { Accepted } from "./batch.ts";
import { keepUnreadable } from "./consume-dead-letters.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** A message of the EVENTS queue that refers to an event in R2, because that is too large for the queue. */
export type Stored = { readonly message: Message; readonly reference: StoredEventMessage };

/** Events of this many bytes are processed at a time: the memory of an isolate is bounded. */
const MAX_BYTES_AT_A_TIME = 2_000_000;
/** An event of unknown length counts as the largest, so that it is processed alone. */
function lengthOf({ bytes = 0 }: StoredEventMessage): number {
  return bytes > 0 ? bytes : MAX_BYTES_AT_A_TIME;
}

/** Splits messages into parts whose events fit into memory together. Integrations have turns. */
export function splitBySize(stored: readonly Stored[]): Stored[][] {
  const parts: Stored[][] = [];
  let room = 0;
  for (const each of takeTurns(stored, ({ reference }) => reference.integration_id ?? "")) {
    const bytes = lengthOf(each.reference);
    const part = bytes <= room ? parts.at(-1) : undefined;
    room = (part === undefined ? MAX_BYTES_AT_A_TIME : room) - bytes;
    if (part === undefined) parts.push([each]);
    else part.push(each);
  }
  return parts;
}

/** Reads the event that a message refers to. Returns null if there is none to process; the message is then decided. */
async function fetchOne(
  context: Context,
  queue: string,
  { message, reference: { id, stored_at, from } }: Stored,
): Promise<EventMessage | null> {
  try {
    const stored = await readStored(context.bodies, stored_at);
    switch (stored.kind) {
      case "message":
        return stored.message;
      case "unreadable":
        await keepUnreadable(context, queue, message);
        return null;
      case "gone":
        // It was erased before it was processed.
        logLine("warn", "event.body_missing", { event_id: id });
        await clearOutbox(context.shard.db, id, from, context.clock());
        message.ack();
        return null;
    }
  } catch (error) {
    logLine("error", "event.body_read_failed", { event_id: id, error: describeError(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    return null;
  }
}

/** Reads the events that messages refer to. Messages without an event are acknowledged or retried, and left out. */
export async function fetchStored(
  context: Context,
  queue: string,
  stored: readonly Stored[],
): Promise<{ readonly message: Message; readonly accepted: Accepted }[]> {
  const events = new Map<Stored, EventMessage | null>();
  const waiting = stored.values();
  const worker = async (): Promise<void> => {
    for (const each of waiting) events.set(each, await fetchOne(context, queue, each));
  };
  await Promise.all(Array.from({ length: MAX_OWN_CALLS_AT_A_TIME }, worker));
  return stored.flatMap((each) => {
    const message = events.get(each) ?? null;
    if (message === null) return [];
    return { message: each.message, accepted: { message, stored_at: each.reference.stored_at } };
  });
}
