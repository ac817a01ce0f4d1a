import type { Context } from "../context.ts";
import { isJsonObject } from "../model/json.ts";
import { keepDeadLetters } from "../storage/pipeline/dead-letters.ts";
import { describeError, logLine } from "../platform/log.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

const MAX_ID = 50;

/** What a message says: events travel as JSON text. */
function readBody(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    const read: unknown = JSON.parse(body);
    return read;
  } catch {
    return body;
  }
}

/** A queue carries more than JSON has words for; what cannot be written is kept as the text that it makes. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body ?? null);
  } catch {
    return JSON.stringify(String(body));
  }
}

/** A message's id as a row's: what an address can hold. */
function rowIdOf(messageId: string): string {
  return messageId.replaceAll(/[^0-9A-Za-z]/g, "").slice(0, MAX_ID);
}

/** The event that a message carries, if it is one: unreadable ones too may have been in the outbox. */
function eventIdIn(body: unknown): string[] {
  return isJsonObject(body) && typeof body["id"] === "string" ? [body["id"]] : [];
}

async function keep(context: Context, queue: string, messages: readonly Message[]): Promise<void> {
  const received_at = new Date(context.clock()).toISOString();
  const read = messages.map(({ id, body }) => ({ id: rowIdOf(id), body: readBody(body) }));
  const letters = read.map(({ id, body }) => ({ id, queue, message: jsonOf(body), received_at }));
  try {
    await keepDeadLetters(
      context.shard.db,
      letters,
      read.flatMap(({ body }) => eventIdIn(body)),
    );
    for (const message of messages) message.ack();
  } catch (error) {
    logLine("error", "dead letters not kept", { queue, count: messages.length, error: describeError(error) });
    for (const message of messages) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

/** Keeps a message that is none of ours, or of a version that this code does not know. */
export async function keepUnreadable(context: Context, queue: string, message: Message): Promise<void> {
  logLine("error", "unreadable message", { queue, message_id: message.id });
  await keep(context, queue, [message]);
}

/** The DEAD_LETTERS consumer: what our own faults kept from being processed is put on record. */
export async function consumeDeadLetters(context: Context, batch: MessageBatch): Promise<void> {
  logLine("error", "dead letters", { queue: batch.queue, count: batch.messages.length });
  await keep(context, batch.queue, batch.messages);
}
