import { waitUntil } from "cloudflare:workers";
import type { Env } from "../settings.ts";
import { type TimedResult, withTimeout } from "../platform/with-timeout.ts";
import type { Isolate } from "../context.ts";
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

async function keepInOutbox(env: Env, group: readonly QueuedEvent[]): Promise<boolean> {
  const send_at = Date.now() + SWEEP_AFTER_MS;
  const rows = group.map(({ message, text }) => ({ id: message.id, message: text, send_at }));
  const settled = await withTimeout(OUTBOX_LIMIT_MS, () => insertOutbox(env.DB, rows));
  return isDone("outbox", rows[0]?.id ?? "", settled);
}

async function send(env: Env, group: readonly QueuedEvent[]): Promise<boolean> {
  return isDone("send", group[0]?.message.id ?? "", await sendEvents(env.EVENTS, group));
}

async function acceptGroup(env: Env, isolate: Isolate, group: readonly QueuedEvent[]): Promise<boolean> {
  switch (isolate.settings.accept_durability) {
    case "outbox": {
      // The row comes first: the consumer removes it, and one written after that would stay.
      const isKept = await keepInOutbox(env, group);
      const sending = send(env, group);
      if (!isKept) return await sending;
      // What is kept is durable: nobody has to wait for the queue, and the sweep sends what it does not take.
      waitUntil(sending);
      return true;
    }
    case "queue":
      return (await send(env, group)) || (await keepInOutbox(env, group));
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
export function createAcceptor(env: Env, isolate: Isolate): Acceptor {
  return createTogether((group: readonly QueuedEvent[]) => acceptGroup(env, isolate, group), ROOM, Date.now);
}

const acceptors = new WeakMap<Env, Acceptor>();

function acceptorOf(env: Env, isolate: Isolate): Acceptor {
  if (!ARE_RESUMED_AS_THEMSELVES) return (group) => acceptGroup(env, isolate, group);
  const known = acceptors.get(env);
  if (known !== undefined) return known;
  const acceptor = createAcceptor(env, isolate);
  acceptors.set(env, acceptor);
  return acceptor;
}

/** Makes the events of one request durable: true once a queue or the outbox holds every one of them. */
export async function accept(
  env: Env,
  isolate: Isolate,
  messages: readonly EventMessage[],
  acceptor = acceptorOf(env, isolate),
): Promise<boolean> {
  const queued: QueuedEvent[] = [];
  for (const message of messages) {
    const shrunk = await shrinkToFit(env.BODIES, message, isolate.settings.event_row_bytes);
    if (shrunk.kind !== "done") return isDone("upload", message.id, shrunk);
    queued.push(shrunk.value);
  }
  for (const group of groupsToSend(queued)) {
    if (!(await acceptor(group))) return false;
  }
  return true;
}
