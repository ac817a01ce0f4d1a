import type { Env } from "../env.ts";
import { type Settled, settleWithin } from "../http/time-limit.ts";
import type { Isolate } from "../isolate.ts";
import type { EventMessage } from "../model/event.ts";
import { insertOutbox } from "../storage/outbox.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { type QueuedEvent, groupsToSend, sendEvents, shrinkToFit } from "./enqueue.ts";

const OUTBOX_LIMIT_MS = 3_000;
/** How long the sweep leaves a row to the queue, in ms. */
const SWEEP_AFTER_MS = 10_000;

type Step = "upload" | "outbox" | "send";

/** Whether a step was done; what was not is told in the log. */
function isDone(step: Step, eventId: string, settled: Settled<unknown>): boolean {
  if (settled.kind === "done") return true;
  const error = settled.kind === "failed" ? describeError(settled.error) : settled.kind;
  logLine("warn", "accept_step_failed", { step, event_id: eventId, error });
  return false;
}

async function keepInOutbox(env: Env, group: readonly QueuedEvent[]): Promise<boolean> {
  const send_at = Date.now() + SWEEP_AFTER_MS;
  const rows = group.map(({ message, text }) => ({ id: message.id, message: text, send_at }));
  const settled = await settleWithin(OUTBOX_LIMIT_MS, () => insertOutbox(env.DB, rows));
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
      const isSent = await send(env, group);
      return isKept || isSent;
    }
    case "queue":
      return (await send(env, group)) || (await keepInOutbox(env, group));
  }
}

/** Makes the events of one request durable: true once a queue or the outbox holds every one of them. */
export async function accept(env: Env, isolate: Isolate, messages: readonly EventMessage[]): Promise<boolean> {
  const queued: QueuedEvent[] = [];
  for (const message of messages) {
    const shrunk = await shrinkToFit(env.BODIES, message);
    if (shrunk.kind !== "done") return isDone("upload", message.id, shrunk);
    queued.push(shrunk.value);
  }
  for (const group of groupsToSend(queued)) {
    if (!(await acceptGroup(env, isolate, group))) return false;
  }
  return true;
}
