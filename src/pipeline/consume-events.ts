import type { Context } from "../context.ts";
import { type Invocation, startInvocation, withOwnAllowance } from "../delivery/attempts/invocation.ts";
import { parseEventMessage } from "../model/event.ts";
import { describeError, logLine } from "../platform/log.ts";
import { isSuspect, processAlone } from "./alone.ts";
import type { Accepted, MissingOpeners } from "./batch.ts";
import { carryOver } from "./carry-over.ts";
import { keepUnreadable } from "./consume-dead-letters.ts";
import { type Stored, fetchStored, splitBySize } from "./fetch-stored.ts";
import { processEvents } from "./process-events.ts";
import { retryDelaySeconds } from "./retry-delay.ts";
import { transformationOf } from "./transform.ts";

/** After this many tries, some 45 minutes, an event does not wait any longer for the event that opened its alert. */
const MAX_WAITS = 12;
/** The `max_batch_size` of the consumer in wrangler.toml: behind a full batch, more messages wait. */
const FULL_BATCH = 100;
/** The work of reading a character of an event in R2. The largest event must leave most of the allowance. */
const UNITS_PER_CHARACTER = 0.25;
/** How often events in R2 come before the others, which could otherwise use up every allowance. */
const STORED_FIRST_SHARE = 0.25;

type Arrived = { readonly message: Message; readonly accepted: Accepted };

/** One invocation of the consumer. */
type Run = {
  readonly context: Context;
  readonly queue: string;
  readonly ctx: Pick<ExecutionContext, "waitUntil">;
  readonly invocation: Invocation;
};

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function retryAll(arrived: readonly { readonly message: Message }[]): void {
  for (const { message } of arrived) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
}

async function carryOverAll({ context }: Run, arrived: readonly { readonly message: Message }[]): Promise<void> {
  await carryOver(
    context.shard.events,
    arrived.map(({ message }) => message),
  );
}

/** Processes a batch. Returns false if it failed. */
async function processBatch(
  run: Run,
  arrived: readonly Arrived[],
  missing_openers: MissingOpeners = "wait",
): Promise<boolean> {
  if (arrived.length === 0) return true;
  const { context, ctx, invocation } = run;
  const accepted = arrived.map((each) => each.accepted);
  try {
    const { unfinished, carried_over, finish } = await processEvents(context, accepted, {
      missing_openers,
      invocation,
    });
    const [over, decided] = partition(arrived, ({ accepted: { message } }) => carried_over.has(message.id));
    const [waiting, done] = partition(decided, ({ accepted: { message } }) => unfinished.has(message.id));
    for (const { message } of done) message.ack();
    const [late, inTime] = partition(
      waiting,
      ({ message }) => missing_openers === "wait" && message.attempts >= MAX_WAITS,
    );
    retryAll(inTime);
    await carryOverAll(run, over);
    await processBatch(run, late, "ignore");
    ctx.waitUntil(finish());
    logLine("info", "events.processed", {
      count: done.length,
      waiting: inTime.length,
      carried_over: over.length,
      units: Math.round(invocation.allowance.spent),
    });
    return true;
  } catch (error) {
    logLine("error", "events.process_failed", { count: arrived.length, error: describeError(error) });
    retryAll(arrived);
    return false;
  }
}

/**
 * Processes events that pass no transformation before the others: code that takes long must not delay them. Returns false if one of
 * the two batches failed.
 */
async function processInTurn(run: Run, arrived: readonly Arrived[]): Promise<boolean> {
  const config = await run.context.caches.config.load().catch(() => null);
  // Without the config, the batch fails.
  if (config === null) return await processBatch(run, arrived);
  const [others, plain] = partition(arrived, ({ accepted }) => transformationOf(accepted, config) !== null);
  const results = [await processBatch(run, plain), await processBatch(run, others)];
  return results.every((succeeded) => succeeded);
}

async function processStored(run: Run, stored: readonly Stored[]): Promise<boolean> {
  const fetched = await fetchStored(run.context, run.queue, stored);
  const { allowance } = run.invocation;
  for (const { accepted } of fetched) {
    allowance.charge(accepted.message.content.request.body.length * UNITS_PER_CHARACTER);
  }
  return await processInTurn(run, fetched);
}

/** Processes events in R2: as many at a time as fit into memory. */
async function processInParts(run: Run, stored: readonly Stored[]): Promise<void> {
  const { allowance } = run.invocation;
  for (const part of splitBySize(stored)) {
    if (allowance.isUsedUp) await carryOverAll(run, part);
    else await processStored(run, part);
    await allowance.pause();
  }
}

/** Processes what comes for the first times. Which kind of event has the first turn changes from batch to batch. */
async function processTogether(run: Run, arrived: readonly Arrived[], stored: readonly Stored[]): Promise<void> {
  const isStoredFirst = run.context.random() > 1 - STORED_FIRST_SHARE;
  if (isStoredFirst) await processInParts(run, stored);
  await processInTurn(run, arrived);
  if (!isStoredFirst) await processInParts(run, stored);
}

/** Processes messages that may have made their batches fail, each alone. They do not share the allowance of the others. */
async function processSuspects(shared: Run, suspects: readonly (Arrived | Stored)[]): Promise<void> {
  const run = { ...shared, invocation: withOwnAllowance(shared.context, shared.invocation) };
  const { carried_over, failed } = await processAlone(
    run.context,
    suspects,
    (each) => ("accepted" in each ? processBatch(run, [each]) : processStored(run, [each])),
    () => run.invocation.allowance.isUsedUp,
  );
  await carryOverAll(run, carried_over);
  retryAll(failed);
}

/** The EVENTS consumer. Each message is acknowledged or retried. Never throws, because then the whole batch would repeat. */
export async function consumeEvents(
  context: Context,
  batch: MessageBatch,
  ctx: Pick<ExecutionContext, "waitUntil">,
): Promise<void> {
  const arrived: Arrived[] = [];
  const stored: Stored[] = [];
  for (const message of batch.messages) {
    const parsed = parseEventMessage(message.body);
    if (parsed === null) await keepUnreadable(context, batch.queue, message);
    else if ("stored_at" in parsed) stored.push({ message, reference: parsed });
    else arrived.push({ message, accepted: { message: parsed, stored_at: null } });
  }
  const invocation = startInvocation(context, { isHurried: batch.messages.length >= FULL_BATCH });
  const run = { context, queue: batch.queue, ctx, invocation };
  const [suspects, others] = partition(arrived, ({ message }) => isSuspect(message));
  const [suspectStored, otherStored] = partition(stored, ({ message }) => isSuspect(message));
  await processTogether(run, others, otherStored);
  await processSuspects(run, [...suspects, ...suspectStored]);
}
