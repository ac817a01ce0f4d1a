import type { Context } from "../../context.ts";
import type { Delivery, DeliveryMessage } from "../../model/delivery.ts";
import { eventIdOf } from "../../model/ids.ts";
import { readAggregates } from "../../storage/events/log.ts";
import { flushTransformationRuns } from "../../system-events/transformations.ts";
import { enqueueDeliveries } from "./enqueue.ts";
import { findRetry } from "./find-retry.ts";
import { type Invocation, startInvocation } from "./invocation.ts";
import { releaseNext } from "./order.ts";
import { type DeliveryEdit, recordEdits } from "./record.ts";
import { type AttemptJob, type DeliveryChange, runAttempts } from "./run-attempts.ts";
import { cancel, deferUntilResumed, reschedule } from "./transitions.ts";

/** How long a delivery waits that no worker took or that the allowance did not suffice for, in ms. */
const NO_WORKER_MS = 2_000;
/** How long a message waits whose event does not fit into memory beside the others of its batch, in seconds. */
const NO_ROOM_SECONDS = 1;
/** How long a message waits while R2 cannot be read, in seconds. */
const STORE_DOWN_SECONDS = 30;

/** The end of a queue message: it is done, or comes again after a delay. */
export type Disposition = { readonly kind: "done" } | { readonly kind: "again"; readonly delay_seconds: number };

/** The result of a batch of messages. */
export type Retried<M> = {
  readonly dispositions: ReadonlyMap<M, Disposition>;
  /** Waits for the attempts in flight and records them; to be run beside the next batch. */
  readonly finish: () => Promise<void>;
};

function editOf({ event_id, id }: Delivery, edit: DeliveryChange): DeliveryEdit {
  return { event_id, delivery_id: id, edit };
}

/**
 * Makes the attempts that DELIVERIES messages ask for. An outdated message is done; an early one comes again; a delivery
 * that was not started is enqueued again. Throws if D1 cannot be read or written.
 */
export async function retryDeliveries<M extends { readonly body: DeliveryMessage }>(
  context: Context,
  messages: readonly M[],
  invocation: Invocation = startInvocation(context),
): Promise<Retried<M>> {
  const { shard, caches, primary } = context;
  const [config] = await Promise.all([caches.config.load(), caches.health.refresh(primary)]);
  const ids = [...new Set(messages.map((message) => eventIdOf(message.body.delivery_id)))];
  const { rows, left } = await readAggregates(shard.db, ids);
  const events = new Map(rows.map((event) => [event.id, event]));
  const unread = new Set(left);
  const isoAfter = (ms: number): string => new Date(context.clock() + ms).toISOString();

  const dispositions = new Map<M, Disposition>(messages.map((message) => [message, { kind: "done" }]));
  const edits: DeliveryEdit[] = [];
  const jobs = new Map<string, AttemptJob & { readonly message: M }>();
  // Ids sort by time, so that deliveries which became due together are attempted in the order of their events.
  const inOrder = messages.toSorted((a, b) => (a.body.delivery_id < b.body.delivery_id ? -1 : 1));
  for (const message of inOrder) {
    const { delivery_id } = message.body;
    if (jobs.has(delivery_id)) continue;
    if (unread.has(eventIdOf(delivery_id))) {
      dispositions.set(message, { kind: "again", delay_seconds: NO_ROOM_SECONDS });
      continue;
    }
    const found = findRetry(context, message.body, events.get(eventIdOf(delivery_id)), config, invocation.allowance);
    if (found.kind === "due") jobs.set(delivery_id, { ...found.job, message });
    else if (found.kind === "early") {
      dispositions.set(message, { kind: "again", delay_seconds: found.delay_seconds });
    } else if (found.kind === "paused") {
      edits.push(editOf(found.delivery, deferUntilResumed));
    } else if (found.kind === "cancelled") {
      const at = isoAfter(0);
      edits.push(editOf(found.delivery, (current) => cancel(current, found.reason, at)));
    }
  }

  const run = await runAttempts(context, [...jobs.values()], invocation);
  for (const { message } of run.unavailable) {
    dispositions.set(message, { kind: "again", delay_seconds: STORE_DOWN_SECONDS });
  }
  for (const [{ delivery }, change] of run.changes) edits.push(editOf(delivery, change));
  const recorded = await recordEdits(shard.db, edits, [...events.values()], context.caches.config.rowForm());
  const edited = new Set(edits.map((each) => each.delivery_id).filter((id) => !run.in_flight.has(id)));
  const next = [...recorded.values()].flat().filter((delivery) => edited.has(delivery.id));
  // A new message each: a queue retries one message only so often, and a delivery may wait for a worker many times.
  const later = run.unstarted.map(({ delivery }) => reschedule(delivery, isoAfter(NO_WORKER_MS)));
  await enqueueDeliveries(shard, [...next, ...later], context.clock(), run.kept_slots);
  await releaseNext(context, [...jobs.values()], next);
  return {
    dispositions,
    finish: async () => {
      await run.finish();
      await flushTransformationRuns(context);
    },
  };
}
