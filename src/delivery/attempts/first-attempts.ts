import type { Delivery } from "../../model/delivery.ts";
import type { Destination } from "../../model/destination.ts";
import type { Result } from "../../model/result.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Context } from "../../context.ts";
import { type Attempted, makeAttempt } from "./attempt.ts";
import type { Body } from "../request/rendered-body.ts";
import { bodyOf } from "../request/body.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { passGates } from "../limits/admit.ts";
import { finishUnderWay, releaseIdle } from "./in-flight.ts";
import { enterAttempt, holdUp, postpone } from "./transitions.ts";
import { recordAndEnqueue } from "./record-and-enqueue.ts";
import { runTimedLanes } from "./timed-pool.ts";

/** How long a batch of events waits for its first attempts, in ms; what takes longer goes on beside the next batch. */
const BUDGET_MS = 1_000;

/** A planned delivery to a destination that is to be tried at once. */
export type FirstAttempt = {
  readonly event: Deliverable;
  readonly delivery: Delivery;
  readonly destination: Destination;
};

export type FirstAttempts = {
  /** The deliveries as they stand when the budget is spent. */
  readonly deliveries: ReadonlyMap<string, Delivery>;
  /** Ids of those whose attempt is still under way: they are not to be put into the DELIVERIES queue. */
  readonly under_way: ReadonlySet<string>;
  /**
   * To be called once the deliveries are on record: enters the attempts that were still under way as they finish.
   * Whoever dies before that leaves a pending delivery to the sweep.
   */
  readonly finish: () => Promise<void>;
};

type Job = FirstAttempt & { readonly destination_id: string; readonly chain: string };

function isoAfter(nowMs: number, ms: number): string {
  return new Date(nowMs + ms).toISOString();
}

/** Above this many characters an event's deliveries go one after the other: six of them would not fit into memory. */
const LARGE_CHARACTERS = 500_000;

function jobOf(first: FirstAttempt): Job {
  const { destination, event } = first;
  const isLarge = event.content.request.body.length > LARGE_CHARACTERS;
  // Deliveries of one alert go out in order.
  const chain = isLarge ? "large" : `${destination.id} ${event.alert?.id ?? event.id}`;
  return { ...first, destination_id: destination.id, chain };
}

/** Makes first attempts, in lanes, for as long as the budget lasts. */
export async function makeFirstAttempts(context: Context, firsts: readonly FirstAttempt[]): Promise<FirstAttempts> {
  const { health } = context.caches;
  const bodies = new Map<string, Promise<Result<Body, string>>>();
  const sharedBody = (event: Deliverable, destination: Destination): Promise<Result<Body, string>> => {
    const { mode } = destination.payload;
    const isOwn = mode === "template" || mode === "preset";
    const name = `${isOwn ? destination.id : mode} ${event.id}`;
    const known = bodies.get(name) ?? bodyOf(context.keys, destination, event);
    bodies.set(name, known);
    return known;
  };
  const gate = await passGates(context, firsts.map(jobOf));
  const run = await runTimedLanes(
    gate.go.map(({ job, chain }) => ({ ...job, chain })),
    async ({ event, delivery, destination }) => {
      const number = delivery.attempts.length + 1;
      return await makeAttempt(context, {
        delivery_id: delivery.id,
        destination,
        number,
        event,
        body: await sharedBody(event, destination),
      });
    },
    (destinationId) => !health.isHealthy(destinationId),
    BUDGET_MS,
  );
  await releaseIdle(gate, run);

  const nowMs = context.clock();
  const deliveries = new Map<string, Delivery>();
  for (const [{ delivery }, { until_ms, reason }] of gate.put_off) {
    deliveries.set(delivery.id, holdUp(delivery, reason, isoAfter(until_ms, 0)));
  }
  for (const [{ delivery }, { attempt, verdict }] of run.done) {
    deliveries.set(delivery.id, enterAttempt(delivery, attempt, verdict, isoAfter(nowMs, 0)));
  }
  for (const { delivery } of run.unstarted) deliveries.set(delivery.id, delivery);
  for (const { delivery, destination } of run.under_way.keys()) {
    // Known to be slow from now on, so that the next batch does not wait for it again.
    health.note(destination.id, false, BUDGET_MS);
    deliveries.set(delivery.id, postpone(delivery, isoAfter(nowMs, destination.timeout_ms)));
  }

  async function finishOne({ event, delivery }: Job, attempting: Promise<Attempted>): Promise<void> {
    try {
      const { attempt, verdict } = await attempting;
      const at = isoAfter(context.clock(), 0);
      const edit = (current: Delivery): Delivery => enterAttempt(current, attempt, verdict, at);
      await recordAndEnqueue(context, [{ event_id: event.id, delivery_id: delivery.id, edit }]);
    } catch (error) {
      logLine("error", "first attempt not recorded", { delivery_id: delivery.id, error: describeError(error) });
    }
  }

  return {
    deliveries,
    under_way: new Set([...run.under_way.keys()].map((job) => job.delivery.id)),
    async finish() {
      await finishUnderWay(gate, run, finishOne);
    },
  };
}
