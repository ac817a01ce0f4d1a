import type { Env } from "../env.ts";
import { type Settled, settleWithin } from "../http/time-limit.ts";
import type { Isolate } from "../isolate.ts";
import type { EventMessage } from "../model/event.ts";
import { insertOutbox } from "../storage/outbox.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { type QueuedEvent, sendEvent, shrinkToFit } from "./enqueue.ts";

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

async function keepInOutbox(env: Env, message: QueuedEvent): Promise<boolean> {
  const row = {
    id: message.id,
    message: JSON.stringify(message),
    send_at: Date.now() + SWEEP_AFTER_MS,
  };
  return isDone("outbox", message.id, await settleWithin(OUTBOX_LIMIT_MS, () => insertOutbox(env.DB, row)));
}

async function send(env: Env, message: QueuedEvent): Promise<boolean> {
  return isDone("send", message.id, await sendEvent(env.EVENTS, message));
}

/** Makes an event durable: true once a queue or the outbox holds it, false where neither can be relied on. */
export async function accept(env: Env, isolate: Isolate, message: EventMessage): Promise<boolean> {
  const shrunk = await shrinkToFit(env.BODIES, message);
  if (shrunk.kind !== "done") return isDone("upload", message.id, shrunk);
  const queued = shrunk.value;
  switch (isolate.settings.accept_durability) {
    case "outbox": {
      // The row comes first: the consumer removes it, and one written after that would stay.
      const isKept = await keepInOutbox(env, queued);
      const isSent = await send(env, queued);
      return isKept || isSent;
    }
    case "queue":
      return (await send(env, queued)) || (await keepInOutbox(env, queued));
  }
}
