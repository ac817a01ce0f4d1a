import type { Tools } from "../delivery/attempt.ts";
import { keepDeadLetters } from "../storage/dead-letters.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** A queue carries more than JSON has words for; what cannot be written is kept as the text that it makes. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body ?? null);
  } catch {
    return JSON.stringify(String(body));
  }
}

async function keep(tools: Tools, queue: string, messages: readonly Message[]): Promise<void> {
  const received_at = new Date(tools.now()).toISOString();
  const letters = messages.map(({ id, body }) => ({ id, queue, message: jsonOf(body), received_at }));
  try {
    await keepDeadLetters(tools.env.DB, letters);
    for (const message of messages) message.ack();
  } catch (error) {
    logLine("error", "dead letters not kept", { queue, count: messages.length, error: describeError(error) });
    for (const message of messages) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

/** Keeps a message that is none of ours, or of a version that this code does not know. */
export async function keepUnreadable(tools: Tools, queue: string, message: Message): Promise<void> {
  logLine("error", "unreadable message", { queue, message_id: message.id });
  await keep(tools, queue, [message]);
}

/** The DEAD_LETTERS consumer: what our own faults kept from being processed is put on record. */
export async function consumeDeadLetters(tools: Tools, batch: MessageBatch): Promise<void> {
  logLine("error", "dead letters", { queue: batch.queue, count: batch.messages.length });
  await keep(tools, batch.queue, batch.messages);
}
