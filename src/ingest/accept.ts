import { waitUntil } from "cloudflare:workers";
import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, RESCUE_AFTER_MS } from "../platform/limits.ts";
import { type BatchLimits, packBatches, sendBatch } from "../platform/queues.ts";
import type { Shard } from "../platform/shards.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import type { Context } from "../context.ts";
import type { EventMessage } from "../model/event.ts";
import { insertOutbox } from "../storage/pipeline/outbox.ts";
import { logLine } from "../platform/log.ts";
import { type QueuedEvent, toQueuedEvent } from "./queued-event.ts";
import { type Batcher, createBatcher } from "./batcher.ts";
import { watchForIdle } from "./idle.ts";

const OUTBOX_TIMEOUT_MS = 3_000;

const LIMITS: BatchLimits<QueuedEvent> = {
  maxCount: MAX_BATCH_MESSAGES,
  maxBytes: MAX_BATCH_BYTES,
  bytesOf: ({ bytes }) => bytes,
};

/** A log line about a batch names its first event. */
function firstId(batch: readonly QueuedEvent[]): string | undefined {
  return batch[0]?.message.id;
}

async function writeToOutbox({ shard, clock }: Context, batch: readonly QueuedEvent[]): Promise<boolean> {
  const send_at = clock() + RESCUE_AFTER_MS;
  const rows = batch.map(({ message, text }) => ({ id: message.id, message: text, send_at }));
  const written = await withTimeout(OUTBOX_TIMEOUT_MS, () => insertOutbox(shard.db, rows));
  if (written.kind === "done") return true;
  const error = describeFailure(written);
  logLine("warn", "outbox.write_failed", { event_id: firstId(batch), count: batch.length, error });
  return false;
}

async function send({ shard }: Context, batch: readonly QueuedEvent[]): Promise<boolean> {
  const messages = batch.map(({ text }) => ({ body: text, contentType: "text" }) as const);
  return (await sendBatch(shard.events, messages, { event_id: firstId(batch) })) === "sent";
}

/** Logs the events of all requests that shared a batch with one line: each line is billed, and takes time to write. */
function logAccepted(batch: readonly QueuedEvent[], duration_ms: number): void {
  const event_ids = batch.length > 1 ? batch.map(({ message }) => message.id) : undefined;
  const integration_id = batch[0]?.message.integration_id;
  logLine("info", "event.accepted", {
    integration_id,
    event_id: firstId(batch),
    event_ids,
    count: batch.length,
    duration_ms,
  });
}

async function acceptBatch(context: Context, batch: readonly QueuedEvent[]): Promise<boolean> {
  const startedAt = context.clock();
  const isAccepted = await makeDurable(context, batch);
  if (isAccepted) logAccepted(batch, context.clock() - startedAt);
  return isAccepted;
}

async function makeDurable(context: Context, batch: readonly QueuedEvent[]): Promise<boolean> {
  switch (context.settings.accept_durability) {
    case "outbox": {
      // The row comes first: the consumer deletes it, and a row that is written after that would stay. Without the row nothing
      // is accepted: this durability is for queues that end with their process, so that the queue alone would lose the event.
      if (!(await writeToOutbox(context, batch))) return false;
      // The row is durable: no request waits for the queue, and maintenance sends what the queue did not take.
      waitUntil(send(context, batch));
      return true;
    }
    case "queue":
      return (await send(context, batch)) || (await writeToOutbox(context, batch));
  }
}

/**
 * True if a request that awaits another request's promise resumes in its own I/O context: the default since the
 * compatibility date 2024-10-14.
 */
const RESUMES_IN_OWN_CONTEXT = Cloudflare.compatibilityFlags["handle_cross_request_promise_resolution"] === true;

/** Makes a batcher for the events of one shard: one more message in a batch costs a fraction of another batch. */
export function createEventBatcher(context: Context): Batcher<QueuedEvent> {
  return createBatcher((batch: readonly QueuedEvent[]) => acceptBatch(context, batch), LIMITS, context.clock);
}

const batchers = new WeakMap<Shard, Batcher<QueuedEvent>>();

function batcherOf(context: Context): Batcher<QueuedEvent> {
  if (!RESUMES_IN_OWN_CONTEXT) return (batch) => acceptBatch(context, batch);
  const known = batchers.get(context.shard);
  if (known !== undefined) return known;
  const batcher = createEventBatcher(context);
  batchers.set(context.shard, batcher);
  return batcher;
}

async function acceptNumbered(
  context: Context,
  messages: readonly EventMessage[],
  batcher: Batcher<QueuedEvent>,
): Promise<boolean> {
  const queued: QueuedEvent[] = [];
  for (const message of messages) {
    const fitted = await toQueuedEvent(context.bodies, message, context.settings.event_row_bytes);
    if (fitted.kind !== "done") {
      logLine("warn", "event.upload_failed", { event_id: message.id, error: describeFailure(fitted) });
      return false;
    }
    queued.push(fitted.value);
  }
  for (const batch of packBatches(queued, LIMITS)) {
    if (!(await batcher(batch))) return false;
  }
  return true;
}

/** Makes the events of one request durable. Returns true once a queue or the outbox holds each of them. */
export async function accept(
  context: Context,
  messages: readonly EventMessage[],
  batcher = batcherOf(context),
): Promise<boolean> {
  const numbering = context.caches.numberings(context.shard.number);
  const taken = numbering.take(messages.map(({ id }) => id));
  const numbered = messages.map((message, index) => ({ ...message, from: taken.numbers[index] }));
  const isAccepted = await acceptNumbered(context, numbered, batcher);
  taken.resolve(isAccepted);
  if (isAccepted) watchForIdle(context, numbering);
  return isAccepted;
}
