import type { Delivery, DeliveryMessage } from "../model/delivery.ts";
import type { Destination } from "../model/destination.ts";
import type { EventContent, EventRecord } from "../model/event.ts";
import { eventIdOf } from "../model/ids.ts";
import { readStoredMessage } from "../storage/bodies.ts";
import { type StoredAggregate, readAggregates } from "../storage/events.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { type Tools, makeAttempt } from "./attempt.ts";
import { envelopeOf } from "./envelope.ts";
import { enqueueDeliveries } from "./enqueue.ts";
import { runLanes } from "./lanes.ts";
import { type CancelReason, cancel, enterAttempt } from "./ledger.ts";
import { type DeliveryEdit, recordEdits } from "./record.ts";

/** How long one batch of retries goes on starting attempts, in ms; what is left waits for the queue's next round. */
const BUDGET_MS = 10_000;
/** A message that comes this early, in ms, is taken as on time: clocks and the queue's delays are not exact. */
const EARLY_MS = 1_000;
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
async function contentOf(tools: Tools, event: StoredAggregate): Promise<EventContent | "unavailable" | null> {
  if (!("stored_at" in event.content)) return event.content;
  try {
    return (await readStoredMessage(tools.env.BODIES, event.content.stored_at))?.content ?? null;
  } catch (error) {
    logLine("error", "content not readable", { event_id: event.id, error: describeError(error) });
    return "unavailable";
  }
}

/**
 * Makes the attempts that DELIVERIES messages ask for. A message that is out of date is done; one that comes too early,
 * or finds no lane in time, comes again. Throws where D1 cannot be read or written.
 */
export async function retryDeliveries<M extends { readonly body: DeliveryMessage }>(
  tools: Tools,
  messages: readonly M[],
): Promise<Map<M, Disposition>> {
  const { env, isolate } = tools;
  const catalog = await isolate.catalog.load();
  const ids = [...new Set(messages.map((message) => eventIdOf(message.body.delivery_id)))];
  const events = new Map((await readAggregates(env.DB, ids)).map((event) => [event.id, event]));
  const dispositions = new Map<M, Disposition>();
  const edits: DeliveryEdit[] = [];
  const jobs: Job<M>[] = [];
  const taken = new Set<string>();
  const at = (): string => new Date(tools.now()).toISOString();

  function giveUp(event: EventRecord, delivery: Delivery, reason: CancelReason): void {
    const time = at();
    edits.push({ event_id: event.id, delivery_id: delivery.id, edit: (current) => cancel(current, reason, time) });
  }

  for (const message of messages) {
    const { delivery_id, attempts } = message.body;
    const event = events.get(eventIdOf(delivery_id));
    const delivery = event?.deliveries.find((each) => each.id === delivery_id);
    dispositions.set(message, DONE);
    if (event === undefined || delivery === undefined || delivery.status !== "pending" || taken.has(delivery_id))
      continue;
    const destination = catalog.destinations.get(delivery.destination_id);
    if (destination === undefined) {
      giveUp(event, delivery, "destination_deleted");
      continue;
    }
    if (!destination.enabled) {
      giveUp(event, delivery, "destination_disabled");
      continue;
    }
    if (delivery.attempts.length !== attempts) continue;
    const early = delivery.next_attempt_at === null ? 0 : Date.parse(delivery.next_attempt_at) - tools.now();
    if (early > EARLY_MS) {
      dispositions.set(message, { kind: "again", delay_seconds: Math.ceil(early / 1000) });
      continue;
    }
    taken.add(delivery_id);
    const chain = `${destination.id} ${event.alert_id ?? event.id}`;
    jobs.push({ message, event, delivery, destination, destination_id: destination.id, chain });
  }

  const run = runLanes(jobs, async ({ message, event, delivery, destination }) => {
    const content = await contentOf(tools, event);
    if (content === "unavailable") {
      dispositions.set(message, { kind: "again", delay_seconds: STORE_DOWN_SECONDS });
      return;
    }
    if (content === null || event.type === null) {
      giveUp(event, delivery, content === null ? "content_erased" : "superseded");
      return;
    }
    const body = envelopeOf({ ...event, type: event.type, content });
    const number = delivery.attempts.length + 1;
    const { attempt, verdict } = await makeAttempt(tools, { delivery_id: delivery.id, destination, number, body });
    const time = at();
    edits.push({
      event_id: event.id,
      delivery_id: delivery.id,
      edit: (current) => enterAttempt(current, attempt, verdict, time),
    });
  });
  const timer = setTimeout(() => {
    for (const job of run.stop()) dispositions.set(job.message, { kind: "again", delay_seconds: 1 });
  }, BUDGET_MS);
  await run.done;
  clearTimeout(timer);

  const recorded = await recordEdits(env.DB, edits, [...events.values()]);
  const edited = new Set(edits.map((each) => each.delivery_id));
  const next = [...recorded.values()].flat().filter((delivery) => edited.has(delivery.id));
  await enqueueDeliveries(env, next, tools.now());
  return dispositions;
}
