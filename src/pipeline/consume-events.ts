import type { Context } from "../context.ts";
import { parseEventMessage } from "../model/event.ts";
import { describeError, logLine } from "../platform/log.ts";
import type { Accepted, MissingOpeners } from "./batch.ts";
import { keepUnreadable } from "./consume-dead-letters.ts";
import { type Stored, fetchStored, splitBySize } from "./fetch-stored.ts";
import { processEvents } from "./process-events.ts";
import { retryDelaySeconds } from "./retry-delay.ts";

/** After this many tries, some 45 minutes, an event does not wait any longer for the event that opened its alert. */
const MAX_WAITS = 12;
/** From this many tries on, a single event is suspected to make its batch fail. */
const TRIES_AS_BATCH = 3;
/** If this many events fail one after the other, the fault is not theirs. */
const MAX_FAILURES = 3;

type Arrived = { readonly message: Message; readonly accepted: Accepted };

function retryAll(arrived: readonly Arrived[]): void {
  for (const { message } of arrived) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
}

/** Processes a batch. Returns false if it failed. */
async function processBatch(
  context: Context,
  arrived: readonly Arrived[],
  ctx: ExecutionContext,
  missingOpeners: MissingOpeners = "wait",
): Promise<boolean> {
  if (arrived.length === 0) return true;
  try {
    const { unfinished, finish } = await processEvents(
      context,
      arrived.map((each) => each.accepted),
      missingOpeners,
    );
    const [done, waiting] = partition(arrived, ({ accepted }) => !unfinished.has(accepted.message.id));
    for (const { message } of done) message.ack();
    const [late, inTime] = partition(
      waiting,
      ({ message }) => missingOpeners === "wait" && message.attempts >= MAX_WAITS,
    );
    retryAll(inTime);
    await processBatch(context, late, ctx, "ignore");
    ctx.waitUntil(finish());
    logLine("info", "events.processed", { count: done.length, waiting: inTime.length });
    return true;
  } catch (error) {
    logLine("error", "events.process_failed", { count: arrived.length, error: describeError(error) });
    const mayBeOne = arrived.length > 1 && arrived.some(({ message }) => message.attempts >= TRIES_AS_BATCH);
    if (mayBeOne) await processSingly(context, arrived, ctx);
    else retryAll(arrived);
    return false;
  }
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** Processes events one by one, so that an event which cannot be processed takes no others along into DEAD_LETTERS. */
async function processSingly(context: Context, arrived: readonly Arrived[], ctx: ExecutionContext): Promise<void> {
  let failures = 0;
  for (const [index, each] of arrived.entries()) {
    failures = (await processBatch(context, [each], ctx)) ? 0 : failures + 1;
    if (failures < MAX_FAILURES) continue;
    retryAll(arrived.slice(index + 1));
    return;
  }
}

/** The EVENTS consumer. Each message is acknowledged or retried. Never throws, because then the whole batch would repeat. */
export async function consumeEvents(context: Context, batch: MessageBatch, ctx: ExecutionContext): Promise<void> {
  const arrived: Arrived[] = [];
  const stored: Stored[] = [];
  for (const message of batch.messages) {
    const parsed = parseEventMessage(message.body);
    if (parsed === null) await keepUnreadable(context, batch.queue, message);
    else if ("stored_at" in parsed) stored.push({ message, reference: parsed });
    else arrived.push({ message, accepted: { message: parsed, stored_at: null } });
  }
  await processBatch(context, arrived, ctx);
  for (const part of splitBySize(stored)) {
    await processBatch(context, await fetchStored(context, batch.queue, part), ctx);
  }
}
