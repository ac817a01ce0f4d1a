import type { Context } from "../context.ts";
import { type AttemptJob, type AttemptRun, runAttempts } from "../delivery/attempts/run-attempts.ts";
import { type BodyError, bodyWithin } from "../delivery/request/body.ts";
import type { Body } from "../delivery/request/rendered-body.ts";
import { rendersTemplate } from "../delivery/request/template-body.ts";
import type { Batch } from "../delivery/attempts/order.ts";
import { remembers } from "../delivery/request/remembers.ts";
import type { Captured } from "../model/captured.ts";
import type { HistoryKey } from "../model/episode.ts";
import type { Allowance } from "../model/allowance.ts";
import type { Destination } from "../model/destination.ts";
import type { Deliverable } from "../model/envelope.ts";
import type { EventRecord } from "../model/event.ts";
import type { Result } from "../model/result.ts";
import type { Stage } from "./batch.ts";
import type { BuiltBatch } from "./build.ts";
import type { FirstAttempt } from "./plan.ts";

/** The rows show the first attempts, except those that are still in flight. */
export type AttemptedBatch = Stage<
  "attempted",
  BuiltBatch,
  Pick<AttemptRun<AttemptJob>, "in_flight" | "kept_slots" | "finish">
>;

/** Events with more characters than this are attempted only as far as memory suffices. */
const LARGE_CHARACTERS = 500_000;

type BodyOf = (
  event: Deliverable,
  destination: Destination,
  captured: Captured,
) => Promise<Result<Body, BodyError> | null>;

/** Returns a function that makes bodies, and makes one for all destinations whose payload gives the same. */
function sharedBodies(context: Context, allowance: Allowance): BodyOf {
  const bodies = new Map<string, ReturnType<BodyOf>>();
  return (event, destination, captured) => {
    const { mode } = destination.payload;
    const isOwn = mode === "preset" || destination.transformation_id !== null || rendersTemplate(destination);
    const name = `${isOwn ? destination.id : mode} ${event.id}`;
    const body = bodies.get(name) ?? bodyWithin(allowance, context, destination, event, captured);
    bodies.set(name, body);
    return body;
  };
}

type HistoryOf = (eventId: string) => HistoryKey | undefined;

/** Returns the order of a first attempt; undefined if its destination does not remember, or the event has no alert. */
function orderOf({ event, destination }: FirstAttempt, historyOf: HistoryOf): AttemptJob["order"] {
  if (event.alert === null || !remembers(destination)) return undefined;
  return { alert_id: event.alert.id, history: historyOf(event.id) };
}

function jobOf(first: FirstAttempt, body: BodyOf, historyOf: HistoryOf): AttemptJob {
  const { event, delivery, destination } = first;
  const { length } = event.content.request.body;
  return {
    delivery,
    destination,
    integration_id: event.integration_id,
    // The deliveries of an alert are sent in order.
    chain: `${destination.id} ${event.alert?.id ?? event.id}`,
    characters: length > LARGE_CHARACTERS ? length : 0,
    order: orderOf(first, historyOf),
    async prepare(captured) {
      const made = await body(event, destination, captured);
      return made === null ? { kind: "unstarted" } : { kind: "ready", event, body: made };
    },
  };
}

function withAttempts<Row extends { readonly record: EventRecord }>(
  rows: readonly Row[],
  { changes }: AttemptRun<AttemptJob>,
): readonly Row[] {
  const attempted = new Map([...changes].map(([{ delivery }, change]) => [delivery.id, change(delivery)]));
  return rows.map((row) => {
    const deliveries = row.record.deliveries.map((delivery) => attempted.get(delivery.id) ?? delivery);
    return { ...row, record: { ...row.record, deliveries } };
  });
}

/** Returns the keys of the histories by which the events of a batch were decided. */
function historyIn({ fresh, changed }: BuiltBatch): HistoryOf {
  const decisions = [...fresh, ...changed].map(({ decision }) => [decision.event_id, decision.history] as const);
  const histories = new Map(decisions);
  return (eventId) => {
    const history = histories.get(eventId) ?? null;
    return history === null ? undefined : { namespace: history.namespace, key: history.key };
  };
}

/** Returns the events that are recorded with the batch. */
function recordedWith({ rows }: BuiltBatch): Batch {
  return new Map([...rows.events, ...rows.corrections].map(({ record }) => [record.id, record]));
}

/**
 * Step 5: makes first attempts. This comes before anything is written, so that an event and its deliveries are one row
 * written once. A delivery that was not started is enqueued with the others that wait.
 */
export async function attempt(context: Context, batch: BuiltBatch): Promise<AttemptedBatch> {
  const { invocation } = batch;
  const body = sharedBodies(context, invocation.allowance);
  const historyOf = historyIn(batch);
  const jobs = batch.first_attempts.map((each) => jobOf(each, body, historyOf));
  const run = await runAttempts(context, jobs, invocation, recordedWith(batch));
  const rows = {
    ...batch.rows,
    events: withAttempts(batch.rows.events, run),
    corrections: withAttempts(batch.rows.corrections, run),
  };
  const { in_flight, kept_slots, finish } = run;
  return { ...batch, stage: "attempted", rows, in_flight, kept_slots, finish };
}
