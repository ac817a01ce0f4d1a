import type { Context } from "../context.ts";
import { acceptedAsIn } from "../model/acceptance.ts";
import { isJsonObject } from "../model/json.ts";
import { recordDeadLetters } from "../storage/pipeline/dead-letters.ts";
import { describeError, logLine } from "../platform/log.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

const MAX_ID = 50;

/** Returns the content of a message: events travel as JSON text. */
function readBody(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    const read: unknown = JSON.parse(body);
    return read;
  } catch {
    return body;
  }
}

/** Returns a body as JSON. A queue can carry values that JSON cannot: these are kept as text. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body ?? null);
  } catch {
    return JSON.stringify(String(body));
  }
}

/** Returns the id of a message in the characters that a URL can hold. */
function rowIdOf(messageId: string): string {
  return messageId.replaceAll(/[^0-9A-Za-z]/g, "").slice(0, MAX_ID);
}

/** Returns the id of the event in a message, if it has one: an unreadable event may be in the outbox, too. */
function eventIdIn(body: unknown): string[] {
  return isJsonObject(body) && typeof body["id"] === "string" ? [body["id"]] : [];
}

async function record(context: Context, queue: string, messages: readonly Message[]): Promise<void> {
  const received_at = new Date(context.clock()).toISOString();
  const read = messages.map(({ id, body }) => ({ id: rowIdOf(id), body: readBody(body) }));
  const letters = read.map(({ id, body }) => ({ id, queue, message: jsonOf(body), received_at }));
  try {
    await recordDeadLetters(
      context.shard.db,
      letters,
      read.flatMap(({ body }) => eventIdIn(body)),
      read.flatMap(({ body }) => acceptedAsIn(body) ?? []),
    );
    for (const message of messages) message.ack();
  } catch (error) {
    logLine("error", "dead_letters.record_failed", { queue, count: messages.length, error: describeError(error) });
    for (const message of messages) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

/** Records a message that is not ours, or that has a version unknown to this code. */
export async function keepUnreadable(context: Context, queue: string, message: Message): Promise<void> {
  logLine("error", "message.rejected", { queue, message_id: message.id });
  await record(context, queue, [message]);
}

/** The DEAD_LETTERS consumer. Records messages that could not be processed because of a fault of ours. */
export async function consumeDeadLetters(context: Context, batch: MessageBatch): Promise<void> {
  logLine("error", "dead_letters.received", { queue: batch.queue, count: batch.messages.length });
  await record(context, batch.queue, batch.messages);
}
