import type { Delivery } from "../model/delivery.ts";
import type { Destination } from "../model/destination.ts";
import { describeError, logLine } from "../telemetry/log.ts";
import { type Attempted, type Tools, makeAttempt } from "./attempt.ts";
import { type Deliverable, envelopeOf } from "./envelope.ts";
import { enqueueDeliveries } from "./enqueue.ts";
import { runLanes } from "./lanes.ts";
import { enterAttempt, postpone } from "./ledger.ts";
import { recordEdits } from "./record.ts";

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

/** Makes first attempts, in lanes, for as long as the budget lasts. */
export async function makeFirstAttempts(tools: Tools, firsts: readonly FirstAttempt[]): Promise<FirstAttempts> {
  const jobs = firsts.map((first): Job => {
    const destination_id = first.destination.id;
    // Deliveries of one alert go out in order.
    return { ...first, destination_id, chain: `${destination_id} ${first.event.alert?.id ?? first.event.id}` };
  });
  const started = new Map<string, Promise<Attempted>>();
  const made = new Map<string, Attempted>();
  const bodies = new Map<string, string>();
  const run = runLanes(jobs, async ({ event, delivery, destination }) => {
    const body = bodies.get(event.id) ?? envelopeOf(event);
    bodies.set(event.id, body);
    const attempted = makeAttempt(tools, { delivery_id: delivery.id, destination, number: 1, body });
    started.set(delivery.id, attempted);
    made.set(delivery.id, await attempted);
  });
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, BUDGET_MS);
  await Promise.race([run.done, timer.promise]);
  clearTimeout(timeout);
  const unstarted = new Set(run.stop().map((job) => job.delivery.id));

  const nowMs = tools.now();
  const deliveries = new Map<string, Delivery>();
  const underWay: Job[] = [];
  for (const job of jobs) {
    const { delivery, destination } = job;
    const attempted = made.get(delivery.id);
    if (attempted !== undefined) {
      deliveries.set(delivery.id, enterAttempt(delivery, attempted.attempt, attempted.verdict, isoAfter(nowMs, 0)));
    } else if (unstarted.has(delivery.id)) {
      deliveries.set(delivery.id, delivery);
    } else {
      deliveries.set(delivery.id, postpone(delivery, isoAfter(nowMs, destination.timeout_ms)));
      underWay.push(job);
    }
  }

  async function finishOne({ event, delivery }: Job): Promise<void> {
    try {
      const attempted = await started.get(delivery.id);
      if (attempted === undefined) return;
      const at = isoAfter(tools.now(), 0);
      const edit = (current: Delivery): Delivery => enterAttempt(current, attempted.attempt, attempted.verdict, at);
      const recorded = await recordEdits(tools.env.DB, [{ event_id: event.id, delivery_id: delivery.id, edit }]);
      const after = recorded.get(event.id)?.find((each) => each.id === delivery.id);
      if (after !== undefined) await enqueueDeliveries(tools.env, [after], tools.now());
    } catch (error) {
      logLine("error", "first attempt not recorded", { delivery_id: delivery.id, error: describeError(error) });
    }
  }

  return {
    deliveries,
    under_way: new Set(underWay.map((job) => job.delivery.id)),
    async finish() {
      await Promise.all(underWay.map(finishOne));
    },
  };
}
