import type { Context } from "../../context.ts";
import { type Captured, NOTHING_CAPTURED } from "../../model/captured.ts";
import type { Delivery } from "../../model/delivery.ts";
import type { HistoryKey } from "../../model/episode.ts";
import { lowestIdAt, openerOf, timeOf } from "../../model/ids.ts";
import { type Earlier, type Place, readBefore, readNext } from "../../storage/alerts/sequence.ts";
import { recordAndEnqueue } from "./record.ts";
import { makeDue } from "./transitions.ts";
import type { DueAttempt } from "../limits/admit.ts";

// Destinations that remember receive the events of an alert in order: a ticket is made before it is closed. A delivery waits while an
// earlier one of the same alert and destination is not final. It uses up no attempt and no slot of a limit.

/** The alert of a job whose destination remembers. */
export type Order = { readonly alert_id: string; readonly history?: HistoryKey | undefined };

type OrderedAttempt = DueAttempt & { readonly order?: Order | undefined };

/** The shortest wait, in ms: the earlier delivery is probably being attempted. */
const MIN_WAIT_MS = 2_000;
/** The longest wait, in ms: an earlier delivery that was cancelled makes nothing due. */
const MAX_WAIT_MS = 900_000;
/** A delivery waits until this long after the next attempt of the earlier one, in ms. */
const AFTER_MS = 1_000;
/** What has waited is asked again after this part of the time, so that a long wait costs few writes. */
const SHARE_OF_AGE = 4;
/** An event that is not recorded by then is pruned, moved to a segment, or lost, in ms. A message is retried for about that long. */
const MAX_UNRECORDED_MS = 2_400_000;
const MIN_UNRECORDED_MS = 60_000;
const HOUR_MS = 3_600_000;

function boundWait(ms: number): number {
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, ms));
}

/** Returns until when to wait for an earlier event, in ms since 1970. */
function waitFor({ event_id, due_at, is_recorded }: Earlier, nowMs: number): number {
  if (!is_recorded) return nowMs + boundWait((nowMs - timeOf(event_id)) / SHARE_OF_AGE);
  if (due_at === null) return nowMs + MAX_WAIT_MS;
  const due = Date.parse(due_at);
  return nowMs + boundWait(due > nowMs ? due - nowMs + AFTER_MS : (nowMs - due) / SHARE_OF_AGE);
}

function placeOf({ delivery, destination }: OrderedAttempt, { alert_id, history }: Order): Place {
  const { event_id } = delivery;
  return { event_id, alert_id, destination_id: destination.id, opener: openerOf(alert_id), history };
}

function nameOf(alertId: string, destinationId: string): string {
  return `${alertId} ${destinationId}`;
}

function eventAt(eventId: string, destinationId: string): string {
  return `${eventId} ${destinationId}`;
}

/** Events that are recorded together with the attempts, with their deliveries: they count instead of what is on record. */
export type Batch = ReadonlyMap<string, { readonly alert_id: string | null; readonly deliveries: readonly Delivery[] }>;

/** The order of the jobs of one run. */
export type Sequence<J> = {
  /** Jobs that wait for a delivery outside of the run, and until when (ms since 1970). */
  readonly waiting: ReadonlyMap<J, number>;
  /** Returns until when a job waits for an earlier one of the run (ms since 1970); null if it may start. */
  readonly waitOf: (job: J) => number | null;
  /** Returns what the destination of a job has captured for its alert. */
  readonly capturedBy: (job: J) => Captured;
  /** Notes that a job is final, and what it captured; or when its next attempt is due (ms since 1970). */
  readonly note: (job: J, end: { readonly captured: Captured } | { readonly due_ms: number }) => void;
};

const UNORDERED = {
  waiting: new Map(),
  waitOf: () => null,
  capturedBy: () => NOTHING_CAPTURED,
  note: () => {},
} as const;

/** Returns whether an earlier event of the alert in the batch is pending for a job's destination and is not a job itself. */
function isBehindBatch(
  { delivery, destination }: OrderedAttempt,
  alertId: string,
  batch: Batch,
  own: ReadonlySet<string>,
): boolean {
  return [...batch].some(
    ([id, { alert_id, deliveries }]) =>
      alert_id === alertId &&
      id < delivery.event_id &&
      !own.has(eventAt(id, destination.id)) &&
      deliveries.some((each) => each.destination_id === destination.id && each.status === "pending"),
  );
}

/** Reads the order of jobs. Jobs without an order cost nothing. Throws if D1 cannot be read. */
export async function readSequence<J extends OrderedAttempt>(
  { shard, settings, clock }: Context,
  jobs: readonly J[],
  batch: Batch = new Map(),
): Promise<Sequence<J>> {
  const ordered = jobs.flatMap((job) => (job.order === undefined ? [] : [{ job, order: job.order }]));
  if (ordered.length === 0) return UNORDERED;
  const nowMs = clock();
  const hotMs = settings.hot_hours === null ? MAX_UNRECORDED_MS : settings.hot_hours * HOUR_MS;
  const unrecordedMs = Math.min(MAX_UNRECORDED_MS, Math.max(MIN_UNRECORDED_MS, hotMs));
  const { earlier, captured } = await readBefore(
    shard.db,
    ordered.map(({ job, order }) => placeOf(job, order)),
    lowestIdAt("evt", Math.max(0, nowMs - unrecordedMs)),
  );
  const values = new Map(captured.map((each) => [nameOf(each.alert_id, each.destination_id), each.captured]));
  const own = new Set(ordered.map(({ job }) => eventAt(job.delivery.event_id, job.destination.id)));
  const waiting = new Map<J, number>();
  for (const each of earlier) {
    const job = ordered[each.place]?.job;
    if (job === undefined || batch.has(each.event_id) || own.has(eventAt(each.event_id, job.destination.id))) continue;
    waiting.set(job, Math.max(waiting.get(job) ?? 0, waitFor(each, nowMs)));
  }
  for (const { job, order } of ordered) {
    if (!waiting.has(job) && isBehindBatch(job, order.alert_id, batch, own)) waiting.set(job, nowMs + MIN_WAIT_MS);
  }
  const byName = Map.groupBy(ordered, ({ job, order }) => nameOf(order.alert_id, job.destination.id));
  const final = new Set<J>();
  const due = new Map<J, number>();
  return {
    waiting,
    waitOf(job) {
      if (job.order === undefined) return null;
      const same = byName.get(nameOf(job.order.alert_id, job.destination.id)) ?? [];
      const first = same.find((each) => each.job.delivery.event_id < job.delivery.event_id && !final.has(each.job));
      if (first === undefined) return null;
      const dueMs = due.get(first.job) ?? waiting.get(first.job) ?? 0;
      return clock() + boundWait(dueMs - clock() + AFTER_MS);
    },
    capturedBy: ({ order, destination }) =>
      order === undefined ? NOTHING_CAPTURED : (values.get(nameOf(order.alert_id, destination.id)) ?? NOTHING_CAPTURED),
    note(job, end) {
      const { order, destination } = job;
      if (order === undefined) return;
      if ("due_ms" in end) {
        due.set(job, end.due_ms);
        return;
      }
      final.add(job);
      const name = nameOf(order.alert_id, destination.id);
      values.set(name, { ...values.get(name), ...end.captured });
    },
  };
}

/** Makes deliveries due that waited for these jobs, if they are final now. `recorded` are the deliveries as they were recorded. */
export async function releaseNext(
  context: Context,
  jobs: readonly OrderedAttempt[],
  recorded: readonly Delivery[],
): Promise<void> {
  const final = new Set(recorded.filter(({ status }) => status !== "pending").map(({ id }) => id));
  const places = jobs.flatMap((job) =>
    job.order === undefined || !final.has(job.delivery.id) ? [] : [placeOf(job, job.order)],
  );
  if (places.length === 0) return;
  const now = new Date(context.clock()).toISOString();
  const next = await readNext(context.shard.db, places, now);
  if (next.length === 0) return;
  await recordAndEnqueue(
    context,
    next.map((each) => ({ ...each, edit: (current) => makeDue(current, now) })),
  );
}
