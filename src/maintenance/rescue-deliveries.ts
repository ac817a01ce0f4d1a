import { enqueueDeliveries } from "../delivery/attempts/enqueue.ts";
import type { Context } from "../context.ts";
import { postponeRescue } from "../storage/events/changes.ts";
import { type RescueCursor, readOverdue, readPending } from "../storage/events/log.ts";
import type { MaintenanceTask } from "./task.ts";

/** The number of events that one run rescues in all shards together, because a Worker has a limit of calls. */
const MAX_EVENTS = 5_000;
const PAGE_EVENTS = 100;
/** An event is not rescued again for this long, in ms. */
const RESCUE_AGAIN_MS = 300_000;

/** Enqueues the pending deliveries of at most `limit` events that must be rescued by `dueBy` (ms since 1970). */
async function rescueDue({ shard, clock }: Context, dueBy: number, limit: number): Promise<number> {
  const nowMs = clock();
  let rescued = 0;
  while (rescued < limit) {
    const events = await readOverdue(shard.db, dueBy, Math.min(PAGE_EVENTS, limit - rescued));
    if (events.length === 0) break;
    const deliveries = events.flatMap((event) => event.deliveries);
    await enqueueDeliveries(shard, deliveries, nowMs);
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
  run: (context) => rescueDue(context, context.clock(), Math.ceil(MAX_EVENTS / context.shards.length)),
};

/** Enqueues every pending delivery for the time when it is due, after a queue has lost its messages. Returns the number of events. */
export const rescueAllDeliveries: MaintenanceTask = {
  name: "rescue_deliveries",
  per: "shard",
  async run(context) {
    const { shard } = context;
    const nowMs = context.clock();
    let rescued = 0;
    // Read rows that are not due first; rescheduling the overdue ones would move them into this range.
    let after: RescueCursor | null = { rescue_at: nowMs + RESCUE_AGAIN_MS, id: "" };
    while (after !== null) {
      const range = { after, until: Number.MAX_SAFE_INTEGER };
      const { events, next } = await readPending(shard.db, range, PAGE_EVENTS);
      const deliveries = events.flatMap((event) => event.deliveries);
      await enqueueDeliveries(shard, deliveries, nowMs);
      rescued += events.length;
      after = next;
    }
    return rescued + (await rescueDue(context, nowMs + RESCUE_AGAIN_MS - 1, Number.MAX_SAFE_INTEGER));
  },
};
