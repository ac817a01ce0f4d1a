import type { Tools } from "../delivery/attempt.ts";
import { type EventMessage, type StoredEventMessage, parseEventMessage } from "../model/event.ts";
import { readKept } from "../storage/bodies.ts";
import { clearOutbox } from "../storage/outbox.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { keepUnreadable } from "./dead-letters.ts";
import type { Accepted } from "./drafts.ts";
import { processEvents } from "./process.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** How long an event waits for another consumer that is at work on its alert, in seconds. */
const UNFINISHED_DELAY_SECONDS = 2;

type Arrived = { readonly message: Message; readonly accepted: Accepted };

async function processAll(tools: Tools, arrived: readonly Arrived[], ctx: ExecutionContext): Promise<void> {
  if (arrived.length === 0) return;
  try {
    const { unfinished, finish } = await processEvents(
      tools,
      arrived.map((each) => each.accepted),
    );
    for (const { message, accepted } of arrived) {
      if (unfinished.has(accepted.message.id)) message.retry({ delaySeconds: UNFINISHED_DELAY_SECONDS });
      else message.ack();
    }
    ctx.waitUntil(finish());
  } catch (error) {
    logLine("error", "events not processed", { count: arrived.length, error: describeError(error) });
    for (const { message } of arrived) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}

async function fetchStored(
  tools: Tools,
  queue: string,
  message: Message,
  stored: StoredEventMessage,
): Promise<EventMessage | null> {
  const { id, stored_at } = stored;
  try {
    const kept = await readKept(tools.env.BODIES, stored_at);
    switch (kept.kind) {
      case "message":
        return kept.message;
      case "unreadable":
        await keepUnreadable(tools, queue, message);
        return null;
      case "gone":
        // Erased before it was processed: there is nothing left to do.
        logLine("warn", "stored event is gone", { event_id: id });
        await clearOutbox(tools.env.DB, [id]);
        message.ack();
        return null;
    }
  } catch (error) {
    logLine("error", "stored event not readable", { event_id: id, error: describeError(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    return null;
  }
}

/** The EVENTS consumer. Each message ends acknowledged or put back; it never throws, for then the whole batch would repeat. */
export async function consumeEvents(tools: Tools, batch: MessageBatch, ctx: ExecutionContext): Promise<void> {
  const arrived: Arrived[] = [];
  const large: { readonly message: Message; readonly stored: StoredEventMessage }[] = [];
  for (const message of batch.messages) {
    const parsed = parseEventMessage(message.body);
    if (parsed === null) await keepUnreadable(tools, batch.queue, message);
    else if ("stored_at" in parsed) large.push({ message, stored: parsed });
    else arrived.push({ message, accepted: { message: parsed, stored_at: null } });
  }
  await processAll(tools, arrived, ctx);
  // One at a time: a batch of these would not fit into an isolate's memory.
  for (const { message, stored } of large) {
    const event = await fetchStored(tools, batch.queue, message, stored);
    if (event === null) continue;
    await processAll(tools, [{ message, accepted: { message: event, stored_at: stored.stored_at } }], ctx);
  }
}
