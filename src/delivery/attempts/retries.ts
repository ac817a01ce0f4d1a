import { type Delivery, type DeliveryMessage, MAX_DELAY_SECONDS } from "../../model/delivery.ts";
import type { Destination } from "../../model/destination.ts";
import type { EventContent } from "../../model/event.ts";
import { eventIdOf } from "../../model/ids.ts";
import { readStoredMessage } from "../../storage/events/bodies.ts";
import { type StoredAggregate, readAggregates } from "../../storage/events/events.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Context } from "../../context.ts";
import { makeAttempt } from "./attempt.ts";
import { bodyOf } from "../request/body.ts";
import { enqueueDeliveries } from "./enqueue.ts";
import { passGates } from "../limits/admit.ts";
import { type CancelReason, cancel, enterAttempt, holdUp, postpone } from "./transitions.ts";
import { type DeliveryEdit, recordEdits } from "./record.ts";
import { recordAndEnqueue } from "./record-and-enqueue.ts";
import { runTimedLanes } from "./timed-pool.ts";
import { finishUnderWay, releaseIdle } from "./in-flight.ts";

/** How long one batch of retries goes on, in ms; what takes longer goes on beside the next batch. */
const BUDGET_MS = 1_000;
/** A message that comes this early, in ms, is taken as on time: clocks and the queue's delays are not exact. */
const EARLY_MS = 1_000;
/** How long a delivery waits that found no lane, in ms. */
const NO_LANE_MS = 2_000;
/** How long an attempt waits for R2 to come back, in seconds. */
const STORE_DOWN_SECONDS = 30;

/** What is to become of a queue message. */
export type Disposition = { readonly kind: "done" } | { readonly kind: "again"; readonly delay_seconds: number };

const DONE: Disposition = { kind: "done" };

type Job<M> = {
  readonly message: M;
  readonly event: StoredAggregate;
  readonly delivery: Delivery;
  readonly destination: Destination;
  readonly destination_id: string;
  readonly chain: string;
};

/** The content of an event, from its row or from R2; null where it has been erased. */
async function contentOf(context: Context, event: StoredAggregate): Promise<EventContent | "unavailable" | null> {
  if (!("stored_at" in event.content)) return event.content;
  try {
    return (await readStoredMessage(context.bodies, event.content.stored_at))?.content ?? null;
  } catch (error) {
    logLine("error", "content not readable", { event_id: event.id, error: describeError(error) });
    return "unavailable";
  }
}

/** What the messages of one batch come to. */
export type Retried<M> = {
  readonly dispositions: ReadonlyMap<M, Disposition>;
  /** Waits for the attempts that are still under way, beside the next batch, and enters them. */
  readonly finish: () => Promise<void>;
};

/**
 * Makes the attempts that DELIVERIES messages ask for. A message that is out of date is done; one that comes too early
 * comes again; what finds no lane in time is queued anew. Throws where D1 cannot be read or written.
 */
export async function retryDeliveries<M extends { readonly body: DeliveryMessage }>(
  context: Context,
  messages: readonly M[],
): Promise<Retried<M>> {
  const { shard, caches } = context;
  const [config] = await Promise.all([caches.config.load(), caches.health.refresh(context.primary)]);
  const ids = [...new Set(messages.map((message) => eventIdOf(message.body.delivery_id)))];
  const events = new Map((await readAggregates(shard.db, ids)).map((event) => [event.id, event]));
  const dispositions = new Map<M, Disposition>();
  const edits: DeliveryEdit[] = [];
  const jobs: Job<M>[] = [];
  const taken = new Set<string>();
  const isoAfter = (ms: number): string => new Date(context.clock() + ms).toISOString();
  const editOf = (delivery: Delivery, edit: DeliveryEdit["edit"]): DeliveryEdit => ({
    event_id: delivery.event_id,
    delivery_id: delivery.id,
    edit,
  });
  const giveUp = (delivery: Delivery, reason: CancelReason): DeliveryEdit => {
    const at = isoAfter(0);
    return editOf(delivery, (current) => cancel(current, reason, at));
  };

  for (const message of messages) {
    const { delivery_id, attempts } = message.body;
    const event = events.get(eventIdOf(delivery_id));
    const delivery = event?.deliveries.find((each) => each.id === delivery_id);
    dispositions.set(message, DONE);
    if (event === undefined || delivery?.status !== "pending" || taken.has(delivery_id)) continue;
    const destination = config.destinations.get(delivery.destination_id);
    if (destination?.enabled !== true) {
      edits.push(giveUp(delivery, destination === undefined ? "destination_deleted" : "destination_disabled"));
      continue;
    }
    if (delivery.attempts.length !== attempts) continue;
    const early = delivery.next_attempt_at === null ? 0 : Date.parse(delivery.next_attempt_at) - context.clock();
    if (early > EARLY_MS) {
      // A place of a rate limit can be further off than a queue holds anything back.
      const delay_seconds = Math.min(MAX_DELAY_SECONDS, Math.ceil(early / 1000));
      dispositions.set(message, { kind: "again", delay_seconds });
      continue;
    }
    taken.add(delivery_id);
    // What is kept in R2 is large: one at a time, or an isolate's memory would not do.
    const chain = "stored_at" in event.content ? "large" : `${destination.id} ${event.alert_id ?? event.id}`;
    jobs.push({ message, event, delivery, destination, destination_id: destination.id, chain });
  }

  async function attempt({ message, event, delivery, destination }: Job<M>): Promise<DeliveryEdit | null> {
    const content = await contentOf(context, event);
    if (content === "unavailable") {
      dispositions.set(message, { kind: "again", delay_seconds: STORE_DOWN_SECONDS });
      return null;
    }
    if (content === null || event.type === null) {
      return giveUp(delivery, content === null ? "content_erased" : "superseded");
    }
    const deliverable = { ...event, type: event.type, content };
    const body = await bodyOf(context.keys, destination, deliverable);
    const number = delivery.attempts.length + 1;
    const made = await makeAttempt(context, {
      delivery_id: delivery.id,
      destination,
      number,
      event: deliverable,
      body,
    });
    const at = isoAfter(0);
    return editOf(delivery, (current) => enterAttempt(current, made.attempt, made.verdict, at));
  }

  const isSlow = (destinationId: string): boolean => !caches.health.isHealthy(destinationId);
  const gate = await passGates(context, jobs);
  for (const [{ delivery }, { until_ms, reason }] of gate.put_off) {
    const until = new Date(until_ms).toISOString();
    edits.push(editOf(delivery, (current) => holdUp(current, reason, until)));
  }
  const passed = gate.go.map(({ job, chain }) => ({ ...job, chain }));
  const run = await runTimedLanes(passed, attempt, isSlow, BUDGET_MS);
  await releaseIdle(gate, run);
  for (const edit of run.done.values()) if (edit !== null) edits.push(edit);
  for (const { delivery, destination } of run.under_way.keys()) {
    caches.health.note(destination.id, false, BUDGET_MS);
    const until = isoAfter(destination.timeout_ms);
    edits.push(editOf(delivery, (current) => postpone(current, until)));
  }
  const underWay = new Set([...run.under_way.keys()].map((job) => job.delivery.id));
  const recorded = await recordEdits(shard.db, edits, [...events.values()]);
  const edited = new Set(edits.map((each) => each.delivery_id).filter((id) => !underWay.has(id)));
  const next = [...recorded.values()].flat().filter((delivery) => edited.has(delivery.id));
  // A fresh message each: those that wait for a lane must not use up what the queue allows one message.
  const later = run.unstarted.map(({ delivery }) => postpone(delivery, isoAfter(NO_LANE_MS)));
  await enqueueDeliveries(shard, [...next, ...later], context.clock());

  async function finishOne({ delivery }: Job<M>, attempting: Promise<DeliveryEdit | null>): Promise<void> {
    try {
      const edit = await attempting;
      if (edit !== null) await recordAndEnqueue(context, [edit]);
    } catch (error) {
      logLine("error", "attempt not recorded", { delivery_id: delivery.id, error: describeError(error) });
    }
  }
  return {
    dispositions,
    async finish() {
      await finishUnderWay(gate, run, finishOne);
    },
  };
}
