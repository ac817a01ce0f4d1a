import { enqueueDeliveries } from "../delivery/attempts/enqueue.ts";
import type { Context } from "../context.ts";
import type { EventRecord } from "../model/event.ts";
import { MAX_BATCH_MESSAGES } from "../platform/limits.ts";
import { postponeRescue } from "../storage/events/changes.ts";
import { NEVER_RESCUED, type RescueCursor, readOverdue, readPending } from "../storage/events/log.ts";
import type { MaintenanceTask } from "./task.ts";

const PAGE_EVENTS = 250;
/** A page whose events have more deliveries than this is cut. */
const MAX_PAGE_DELIVERIES = 1_000;
/** The calls of a page, without those that enqueue its deliveries. */
const CALLS_PER_PAGE = 4;
/** An event is not rescued again for this long, in ms. */
const RESCUE_AGAIN_MS = 300_000;

function countDeliveries(events: readonly EventRecord[]): number {
  return events.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
}

/** Returns the first events that have few enough deliveries together, and at least one. */
function fewEnough(events: readonly EventRecord[]): readonly EventRecord[] {
  let count = 0;
  const end = events.findIndex(({ deliveries }) => (count += deliveries.length) > MAX_PAGE_DELIVERIES);
  return end < 0 ? events : events.slice(0, Math.max(1, end));
}

/** Enqueues pending deliveries of events that must be rescued by `dueBy` (ms since 1970), with about `maxCalls` calls. */
async function rescueDue({ shard, clock }: Context, dueBy: number, maxCalls: number): Promise<number> {
  const nowMs = clock();
  let rescued = 0;
  let calls = 0;
  while (calls < maxCalls) {
    const events = fewEnough(await readOverdue(shard.db, dueBy, PAGE_EVENTS));
    if (events.length === 0) break;
    calls += CALLS_PER_PAGE + Math.ceil(countDeliveries(events) / MAX_BATCH_MESSAGES);
    await enqueueDeliveries(
      shard,
      events.flatMap((event) => event.deliveries),
      nowMs,
    );
    await postponeRescue(shard.db, events, nowMs + RESCUE_AGAIN_MS);
    rescued += events.length;
  }
  return rescued;
}

/**
 * Enqueues pending deliveries whose attempt is overdue, because their message was lost. If it was only late, the consumer finds
 * the delivery attempted and drops the message. Returns the number of events.
 */
export const rescueDeliveries: MaintenanceTask = {
  name: "rescue_deliveries",
  per: "shard",
  max_calls: 135,
  run: (context, maxCalls) => rescueDue(context, context.clock(), maxCalls),
};

/** Enqueues every pending delivery for the time when it is due, after a queue has lost its messages. Returns the number of events. */
export const rescueAllDeliveries: MaintenanceTask = {
  name: "rescue_deliveries",
  per: "shard",
  max_calls: Number.POSITIVE_INFINITY,
  async run(context) {
    const { shard } = context;
    const nowMs = context.clock();
    let rescued = 0;
    // Read rows that are not due first; rescheduling the overdue ones would move them into this range.
    let after: RescueCursor | null = { rescue_at: nowMs + RESCUE_AGAIN_MS, id: "" };
    while (after !== null) {
      const range = { after, until: NEVER_RESCUED - 1 };
      const { events, next } = await readPending(shard.db, range, PAGE_EVENTS);
      const deliveries = events.flatMap((event) => event.deliveries);
      await enqueueDeliveries(shard, deliveries, nowMs);
      rescued += events.length;
      after = next;
    }
    return rescued + (await rescueDue(context, nowMs + RESCUE_AGAIN_MS - 1, Number.MAX_SAFE_INTEGER));
  },
};
