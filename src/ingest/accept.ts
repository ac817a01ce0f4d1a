import { waitUntil } from "cloudflare:workers";
import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, RESCUE_AFTER_MS } from "../platform/limits.ts";
import { packBatches, sendBatch } from "../platform/queues.ts";
import type { Shard } from "../platform/shards.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import type { Context } from "../context.ts";
import type { EventMessage } from "../model/event.ts";
import { insertOutbox } from "../storage/pipeline/outbox.ts";
import { logLine } from "../platform/log.ts";
import { type QueuedEvent, toQueuedEvent } from "./queued-event.ts";
import { type Room, type Together, createTogether } from "./batcher.ts";

const OUTBOX_TIMEOUT_MS = 3_000;

const bytesOf = ({ bytes }: QueuedEvent): number => bytes;
const ROOM: Room<QueuedEvent> = { items: MAX_BATCH_MESSAGES, weight: MAX_BATCH_BYTES, weightOf: bytesOf };

/** A log line about a batch names its first event. */
function firstId(batch: readonly QueuedEvent[]): string | undefined {
  return batch[0]?.message.id;
}

async function writeToOutbox({ shard }: Context, batch: readonly QueuedEvent[]): Promise<boolean> {
  const send_at = Date.now() + RESCUE_AFTER_MS;
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

async function acceptBatch(context: Context, batch: readonly QueuedEvent[]): Promise<boolean> {
  switch (context.settings.accept_durability) {
    case "outbox": {
      // The row comes first: the consumer deletes it, and a row that is written after that would stay.
      const isWritten = await writeToOutbox(context, batch);
      const sending = send(context, batch);
      if (!isWritten) return await sending;
      // The row is durable: no request waits for the queue, and maintenance sends what the queue did not take.
      waitUntil(sending);
      return true;
    }
    case "queue":
      return (await send(context, batch)) || (await writeToOutbox(context, batch));
  }
}

/**
 * Whether a request that waits for another goes on in its own name; that is so since the compatibility date of 2024-10-14,
 * unless a flag says otherwise, as that of the test runtime does.
 */
const ARE_RESUMED_AS_THEMSELVES = Cloudflare.compatibilityFlags["handle_cross_request_promise_resolution"] === true;

/** What makes groups of events durable, those of different requests together where they come at the same moment. */
export type Acceptor = Together<QueuedEvent>;

/** Accepts what requests of the same moment bring as one: a message more in a batch costs a fraction of a batch. */
export function createAcceptor(context: Context): Acceptor {
  return createTogether((batch: readonly QueuedEvent[]) => acceptBatch(context, batch), ROOM, Date.now);
}

const acceptors = new WeakMap<Shard, Acceptor>();

function acceptorOf(context: Context): Acceptor {
  if (!ARE_RESUMED_AS_THEMSELVES) return (batch) => acceptBatch(context, batch);
  const known = acceptors.get(context.shard);
  if (known !== undefined) return known;
  const acceptor = createAcceptor(context);
  acceptors.set(context.shard, acceptor);
  return acceptor;
}

/** Makes the events of one request durable: true once a queue or the outbox holds every one of them. */
export async function accept(
  context: Context,
  messages: readonly EventMessage[],
  acceptor = acceptorOf(context),
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
  for (const batch of packBatches(queued, { bytesOf })) {
    if (!(await acceptor(batch))) return false;
  }
  return true;
}
