import type { Context } from "../context.ts";
import { type EventMessage, type StoredEventMessage, parseEventMessage } from "../model/event.ts";
import { readKept } from "../storage/events/bodies.ts";
import { clearOutbox } from "../storage/pipeline/outbox.ts";
import { describeError, logLine } from "../platform/log.ts";
import { keepUnreadable } from "./consume-dead-letters.ts";
import type { Accepted, MissingOpeners } from "./batch.ts";
import { processEvents } from "./process-events.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** After so many tries an event no longer waits for another that its alert began with. They take about three quarters of an hour. */
const MAX_WAITS = 12;

/** From so many tries on it may be one event that keeps the others of its batch from being processed. */
const TRIES_TOGETHER = 3;
/** Where so many events fail one after the other, it is not theirs but a fault that all of them meet. */
const MAX_FAILURES = 3;

type Arrived = { readonly message: Message; readonly accepted: Accepted };

async function processAll(
  context: Context,
  arrived: readonly Arrived[],
  ctx: ExecutionContext,
  openers: MissingOpeners = "wait",
): Promise<boolean> {
  if (arrived.length === 0) return true;
  try {
    const { unfinished, finish } = await processEvents(
      context,
      arrived.map((each) => each.accepted),
      openers,
    );
    const waiting = arrived.filter(({ accepted }) => unfinished.has(accepted.message.id));
    for (const { message } of arrived.filter((each) => !waiting.includes(each))) message.ack();
    const hopeless = openers === "wait" ? waiting.filter(({ message }) => message.attempts >= MAX_WAITS) : [];
    for (const { message } of waiting.filter((each) => !hopeless.includes(each))) {
      message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    }
    await processAll(context, hopeless, ctx, "ignore");
    ctx.waitUntil(finish());
    return true;
  } catch (error) {
    logLine("error", "events not processed", { count: arrived.length, error: describeError(error) });
    const isOnes = arrived.length > 1 && arrived.some(({ message }) => message.attempts >= TRIES_TOGETHER);
    if (isOnes) await processSingly(context, arrived, ctx);
    else putBack(arrived);
    return false;
  }
}

function putBack(arrived: readonly Arrived[]): void {
  for (const { message } of arrived) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
}

/** Processes events each by itself, so that one which cannot be processed takes no others along into DEAD_LETTERS. */
async function processSingly(context: Context, arrived: readonly Arrived[], ctx: ExecutionContext): Promise<void> {
  let failures = 0;
  for (const [index, each] of arrived.entries()) {
    failures = (await processAll(context, [each], ctx)) ? 0 : failures + 1;
    if (failures < MAX_FAILURES) continue;
    putBack(arrived.slice(index + 1));
    return;
  }
}

async function fetchStored(
  context: Context,
  queue: string,
  message: Message,
  stored: StoredEventMessage,
): Promise<EventMessage | null> {
  const { id, stored_at } = stored;
  try {
    const kept = await readKept(context.bodies, stored_at);
    switch (kept.kind) {
      case "message":
        return kept.message;
      case "unreadable":
        await keepUnreadable(context, queue, message);
        return null;
      case "gone":
        // Erased before it was processed: there is nothing left to do.
        logLine("warn", "stored event is gone", { event_id: id });
        await clearOutbox(context.shard.db, [id]);
        message.ack();
        return null;
    }
  } catch (error) {
    logLine("error", "stored event not readable", { event_id: id, error: describeError(error) });
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    return null;
  }
}

type LargeArrived = { readonly message: Message; readonly stored: StoredEventMessage };

/** So many bytes of events that were kept in R2 are processed together: an isolate's memory is bounded. */
const MAX_BYTES_TOGETHER = 2_000_000;
const LANES = 6;

function lengthOf({ bytes = 0 }: StoredEventMessage): number {
  return bytes > 0 ? bytes : MAX_BYTES_TOGETHER;
}

/** In parts that fit into memory together; one whose length is not known goes alone. */
function partsOf(large: readonly LargeArrived[]): LargeArrived[][] {
  const parts: LargeArrived[][] = [];
  let room = 0;
  for (const each of large) {
    const bytes = lengthOf(each.stored);
    const part = bytes <= room ? parts.at(-1) : undefined;
    room = (part === undefined ? MAX_BYTES_TOGETHER : room) - bytes;
    if (part === undefined) parts.push([each]);
    else part.push(each);
  }
  return parts;
}

/** The EVENTS consumer. Each message ends acknowledged or put back; it never throws, for then the whole batch would repeat. */
export async function consumeEvents(context: Context, batch: MessageBatch, ctx: ExecutionContext): Promise<void> {
  const arrived: Arrived[] = [];
  const large: LargeArrived[] = [];
  for (const message of batch.messages) {
    const parsed = parseEventMessage(message.body);
    if (parsed === null) await keepUnreadable(context, batch.queue, message);
    else if ("stored_at" in parsed) large.push({ message, stored: parsed });
    else arrived.push({ message, accepted: { message: parsed, stored_at: null } });
  }
  await processAll(context, arrived, ctx);
  for (const part of partsOf(large)) {
    const events = new Map<LargeArrived, EventMessage | null>();
    const fetchInto = async (each: LargeArrived): Promise<void> => {
      events.set(each, await fetchStored(context, batch.queue, each.message, each.stored));
    };
    const waiting = part.values();
    const lane = async (): Promise<void> => {
      for (const each of waiting) await fetchInto(each);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    const fetched = part.flatMap((each) => {
      const event = events.get(each) ?? null;
      return event === null
        ? []
        : [{ message: each.message, accepted: { message: event, stored_at: each.stored.stored_at } }];
    });
    await processAll(context, fetched, ctx);
  }
}
