import { waitUntil } from "cloudflare:workers";
import type { Shard } from "../platform/shards.ts";
import { type TimedResult, withTimeout } from "../platform/with-timeout.ts";
import type { Context } from "../context.ts";
import type { EventMessage } from "../model/event.ts";
import { insertOutbox } from "../storage/pipeline/outbox.ts";
import { describeError, logLine } from "../platform/log.ts";
import {
  MAX_BATCH_BYTES,
  MAX_BATCH_MESSAGES,
  type QueuedEvent,
  groupsToSend,
  sendEvents,
  shrinkToFit,
} from "./enqueue.ts";
import { type Room, type Together, createTogether } from "./batcher.ts";

const OUTBOX_LIMIT_MS = 3_000;
/** How long the sweep leaves a row to the queue, in ms. */
const SWEEP_AFTER_MS = 10_000;

const ROOM: Room<QueuedEvent> = {
  items: MAX_BATCH_MESSAGES,
  weight: MAX_BATCH_BYTES,
  weightOf: ({ bytes }) => bytes,
};

type Step = "upload" | "outbox" | "send";

/** Whether a step was done; what was not is told in the log. */
function isDone(step: Step, eventId: string, settled: TimedResult<unknown>): boolean {
  if (settled.kind === "done") return true;
  const error = settled.kind === "failed" ? describeError(settled.error) : settled.kind;
  logLine("warn", "accept_step_failed", { step, event_id: eventId, error });
  return false;
}

async function keepInOutbox({ shard }: Context, group: readonly QueuedEvent[]): Promise<boolean> {
  const send_at = Date.now() + SWEEP_AFTER_MS;
  const rows = group.map(({ message, text }) => ({ id: message.id, message: text, send_at }));
  const settled = await withTimeout(OUTBOX_LIMIT_MS, () => insertOutbox(shard.db, rows));
  return isDone("outbox", rows[0]?.id ?? "", settled);
}

async function send({ shard }: Context, group: readonly QueuedEvent[]): Promise<boolean> {
  return isDone("send", group[0]?.message.id ?? "", await sendEvents(shard.events, group));
}

async function acceptGroup(context: Context, group: readonly QueuedEvent[]): Promise<boolean> {
  switch (context.settings.accept_durability) {
    case "outbox": {
      // The row comes first: the consumer removes it, and one written after that would stay.
      const isKept = await keepInOutbox(context, group);
      const sending = send(context, group);
      if (!isKept) return await sending;
      // What is kept is durable: nobody has to wait for the queue, and the sweep sends what it does not take.
      waitUntil(sending);
      return true;
    }
    case "queue":
      return (await send(context, group)) || (await keepInOutbox(context, group));
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
  return createTogether((group: readonly QueuedEvent[]) => acceptGroup(context, group), ROOM, Date.now);
}

const acceptors = new WeakMap<Shard, Acceptor>();

function acceptorOf(context: Context): Acceptor {
  if (!ARE_RESUMED_AS_THEMSELVES) return (group) => acceptGroup(context, group);
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
    const shrunk = await shrinkToFit(context.bodies, message, context.settings.event_row_bytes);
    if (shrunk.kind !== "done") return isDone("upload", message.id, shrunk);
    queued.push(shrunk.value);
  }
  for (const group of groupsToSend(queued)) {
    if (!(await acceptor(group))) return false;
  }
  return true;
}
