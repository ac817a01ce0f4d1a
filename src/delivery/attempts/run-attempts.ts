import type { Context } from "../../context.ts";
import { type Captured, NOTHING_CAPTURED } from "../../model/captured.ts";
import { DEFER_REASONS, type Delivery } from "../../model/delivery.ts";
import type { Deliverable } from "../../model/envelope.ts";
import type { Result } from "../../model/result.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { withTimeout } from "../../platform/with-timeout.ts";
import { type DueAttempt, admit } from "../limits/admit.ts";
import type { BodyError } from "../request/body.ts";
import type { Body } from "../request/rendered-body.ts";
import { takeTurns } from "../../model/turns.ts";
import { type Attempted, makeAttempt } from "./attempt.ts";
import type { Effect } from "./effects.ts";
import type { Invocation } from "./invocation.ts";
import { type Batch, type Order, type Sequence, readSequence, releaseNext } from "./order.ts";
import { recordAndEnqueue } from "./record.ts";
import { runEffects } from "./run-effects.ts";
import { type CancelReason, cancel, defer, enterAttempt, reschedule } from "./transitions.ts";
import { type PoolItem, type PoolRun, finishPool, runPool } from "./worker-pool.ts";

/** How long a batch waits for the effects of its attempts, in ms: the primary may hang while the shard does not. */
const EFFECTS_LIMIT_MS = 3_000;

/** How long a delivery waits while the gateway cannot use its keys, in ms. */
const KEYS_UNAVAILABLE_MS = 60_000;

/**
 * The content of an attempt, or the reason why none is made. `unavailable`: the content cannot be read now. `unstarted`: the
 * allowance does not suffice to render it.
 */
export type Prepared =
  | { readonly kind: "ready"; readonly event: Deliverable; readonly body: Result<Body, BodyError> }
  | { readonly kind: "cancelled"; readonly reason: CancelReason }
  | { readonly kind: "unavailable" }
  | { readonly kind: "unstarted" };

/** A delivery that is due. First attempts and retries find their jobs in different ways. */
export type AttemptJob = DueAttempt & {
  /** The alert whose deliveries to the destination are made in order; absent if they need not be. */
  readonly order?: Order | undefined;
  readonly integration_id: string;
  /** The characters of its event if that is large, else 0. */
  readonly characters: number;
  /** Called when a worker takes the job, so that few bodies are in memory at a time. `captured`: what the destination captured for the alert. Must not reject. */
  readonly prepare: (captured: Captured) => Promise<Prepared>;
};

/** A change of a delivery, to be made on whatever state it is found in. */
export type DeliveryChange = (delivery: Delivery) => Delivery;

/** The state of the attempts of a batch when its time was up. First attempts and retries write it in different ways. */
export type AttemptRun<J> = {
  /** The changes of deliveries that were attempted, cancelled or deferred, or whose attempt is in flight. */
  readonly changes: ReadonlyMap<J, DeliveryChange>;
  /** Ids of deliveries whose attempt is in flight: they must not be enqueued. */
  readonly in_flight: ReadonlySet<string>;
  /** Jobs that no worker took, or that the allowance does not suffice for. */
  readonly unstarted: readonly J[];
  /** Jobs whose content could not be read. */
  readonly unavailable: readonly J[];
  /** By id of a delivery that was not attempted: when it got the slot of a rate limit that it keeps (ms since 1970). */
  readonly kept_slots: ReadonlyMap<string, number>;
  /**
   * Waits for the attempts in flight and records each; to be called after the changes are on record. If the process dies
   * before that, maintenance finds the pending deliveries.
   */
  readonly finish: () => Promise<void>;
};

type Work<J> = PoolItem & { readonly job: J };

type Worked =
  | { readonly kind: "changed"; readonly change: DeliveryChange; readonly effects: readonly Effect[] }
  | { readonly kind: "unavailable" }
  | { readonly kind: "unstarted" };

function waiting(untilMs: number): Worked {
  const until = new Date(untilMs).toISOString();
  return { kind: "changed", change: (current) => defer(current, DEFER_REASONS.order, until), effects: [] };
}

/** Notes for the later deliveries of the alert how an attempt ended. */
function noteEnd<J extends AttemptJob>(
  { clock }: Context,
  sequence: Sequence<J>,
  job: J,
  { decision, captured }: Attempted,
): void {
  if (decision.kind === "delivered" || decision.kind === "dead") sequence.note(job, { captured });
  else if (decision.kind === "retry") sequence.note(job, { due_ms: clock() + decision.delay_seconds * 1_000 });
}

/** `onAttempt` is called once the destination is about to be called. */
async function work<J extends AttemptJob>(
  context: Context,
  { allowance }: Invocation,
  job: J,
  sequence: Sequence<J>,
  onAttempt: () => void,
): Promise<Worked> {
  const { delivery, destination, prepare } = job;
  const isoAfter = (ms: number): string => new Date(context.clock() + ms).toISOString();
  const waitsUntil = sequence.waitOf(job);
  if (waitsUntil !== null) return waiting(waitsUntil);
  const prepared = await prepare(sequence.capturedBy(job));
  switch (prepared.kind) {
    case "unavailable":
    case "unstarted":
      return prepared;
    case "cancelled": {
      const at = isoAfter(0);
      sequence.note(job, { captured: NOTHING_CAPTURED });
      return { kind: "changed", change: (current) => cancel(current, prepared.reason, at), effects: [] };
    }
    case "ready": {
      const { event, body } = prepared;
      const number = delivery.attempts.length + 1;
      const order = { delivery_id: delivery.id, destination, number, event, body, work: allowance };
      onAttempt();
      const made = await makeAttempt(context, order);
      if (made.kind === "keys_unavailable") {
        const until = isoAfter(KEYS_UNAVAILABLE_MS);
        return { kind: "changed", change: (current) => defer(current, DEFER_REASONS.keys, until), effects: [] };
      }
      const { attempt, captured, decision, effects } = made;
      const at = isoAfter(0);
      noteEnd(context, sequence, job, made);
      return { kind: "changed", change: (current) => enterAttempt(current, attempt, decision, at, captured), effects };
    }
  }
}

async function recordLate(context: Context, job: AttemptJob, working: Promise<Worked>): Promise<void> {
  const { delivery } = job;
  try {
    const worked = await working;
    const { id: delivery_id, event_id } = delivery;
    if (worked.kind === "changed") {
      await runEffects(context, worked.effects);
      const recorded = await recordAndEnqueue(context, [{ event_id, delivery_id, edit: worked.change }]);
      await releaseNext(context, [job], recorded);
      return;
    }
    // It is on record as being attempted, and is due again now.
    const now = new Date(context.clock()).toISOString();
    await recordAndEnqueue(context, [{ event_id, delivery_id, edit: (current) => reschedule(current, now) }]);
  } catch (error) {
    logLine("error", "delivery.record_failed", { delivery_id: delivery.id, error: describeError(error) });
  }
}

/** Returns jobs so that neither an integration nor a destination makes the others wait. Chains stay in order. */
function inTurns<J extends AttemptJob>(jobs: readonly J[]): J[] {
  const groups = new Map<string, string>();
  for (const { chain, destination, integration_id } of jobs) {
    if (!groups.has(chain)) groups.set(chain, `${destination.id} ${integration_id}`);
  }
  return takeTurns(jobs, ({ chain }) => groups.get(chain) ?? chain);
}

function idleDestinations<J>(items: readonly Work<J>[], { in_flight }: PoolRun<Work<J>, Worked>): string[] {
  const busy = new Set([...in_flight.keys()].map((item) => item.destination_id));
  return [...new Set(items.map((item) => item.destination_id))].filter((id) => !busy.has(id));
}

/**
 * Makes the attempts of a batch: admits jobs within the limits of their destinations, sends in parallel for as long as the
 * budget lasts, and runs the effects. Throws if D1 cannot be read or written while jobs are admitted.
 */
export async function runAttempts<J extends AttemptJob>(
  context: Context,
  jobs: readonly J[],
  invocation: Invocation,
  batch?: Batch,
): Promise<AttemptRun<J>> {
  const { health } = context.caches;
  const { attempts_ms: budgetMs, workers } = invocation;
  const sequence = await readSequence(context, jobs, batch);
  const ready = jobs.filter((job) => !sequence.waiting.has(job));
  const { admitted, deferred, slots, release } = await admit(context, inTurns(ready));
  const items = admitted.map(({ job, chain }): Work<J> => {
    const { characters, destination } = job;
    return { job, chain, characters, destination_id: destination.id };
  });
  const attempting = new Set<J>();
  const run = await runPool(items, ({ job }) => work(context, invocation, job, sequence, () => attempting.add(job)), {
    isSlow: (destinationId) => !health.isHealthy(destinationId),
    budgetMs,
    workers,
  });
  await release(idleDestinations(items, run));
  // Before the deliveries are recorded: one that died of a 410 must not be on record while its destination stays enabled.
  const effects = [...run.done.values()].flatMap((each) => (each.kind === "changed" ? each.effects : []));
  if (effects.length > 0) await withTimeout(EFFECTS_LIMIT_MS, () => runEffects(context, effects));

  const changes = new Map<J, DeliveryChange>();
  for (const [job, { until_ms, reason }] of deferred) {
    const until = new Date(until_ms).toISOString();
    changes.set(job, (current) => defer(current, reason, until));
  }
  for (const [job, until_ms] of sequence.waiting) {
    const until = new Date(until_ms).toISOString();
    changes.set(job, (current) => defer(current, DEFER_REASONS.order, until));
  }
  const unavailable: J[] = [];
  const unstarted = run.unstarted.map(({ job }) => job);
  for (const [{ job }, worked] of run.done) {
    switch (worked.kind) {
      case "changed":
        changes.set(job, worked.change);
        break;
      case "unavailable":
        unavailable.push(job);
        break;
      case "unstarted":
        unstarted.push(job);
        break;
    }
  }
  for (const { job } of run.in_flight.keys()) {
    // Marked as slow, so that the next batch does not wait for it again; unless the job itself still waits for its turn.
    if (attempting.has(job)) health.mark(job.destination.id, false, budgetMs);
    const until = new Date(context.clock() + job.destination.timeout_ms).toISOString();
    changes.set(job, (current) => reschedule(current, until));
  }
  return {
    changes,
    in_flight: new Set([...run.in_flight.keys()].map(({ job }) => job.delivery.id)),
    unstarted,
    unavailable,
    kept_slots: new Map([...slots].flatMap(([job, at]) => (attempting.has(job) ? [] : [[job.delivery.id, at]]))),
    finish: () =>
      finishPool(
        run,
        ({ job }, working) => recordLate(context, job, working),
        (destinationId) => release([destinationId]),
      ),
  };
}
