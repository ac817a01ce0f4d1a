import { type Context, withShard } from "../../context.ts";
import { DEFER_REASONS, type Delivery } from "../../model/delivery.ts";
import { readPendingFor } from "../../storage/events/log.ts";
import { recordAndEnqueue } from "./record.ts";
import { defer } from "./transitions.ts";

/** Deliveries of more events than this wait until their own time. */
const MAX_EVENTS = 500;

function inEachShard(context: Context, work: (context: Context) => Promise<void>): Promise<void[]> {
  return Promise.all(context.shards.map((shard) => work(withShard(context, shard))));
}

async function resumeInShard(context: Context, destinationId: string): Promise<void> {
  const events = await readPendingFor(context.shard.db, destinationId, MAX_EVENTS, DEFER_REASONS.breaker);
  const at = new Date(context.clock()).toISOString();
  const isDeferred = ({ destination_id, reason }: Delivery): boolean =>
    destination_id === destinationId && reason === DEFER_REASONS.breaker;
  const deferred = events.flatMap((event) => event.deliveries).filter(isDeferred);
  const edit = (current: Delivery): Delivery =>
    isDeferred(current) ? defer(current, DEFER_REASONS.breaker, at) : current;
  await recordAndEnqueue(
    context,
    deferred.map(({ event_id, id }) => ({ event_id, delivery_id: id, edit })),
    events,
  );
}

/** Makes the deliveries due that waited for the breaker of a destination, in every shard, because it has recovered. */
export async function resumeDeferred(context: Context, destinationId: string): Promise<void> {
  await inEachShard(context, (each) => resumeInShard(each, destinationId));
}

/** Deliveries past this limit keep the slot that they have. */
const MAX_PAGES = 20;

async function releaseSlotsInShard(context: Context, destinationId: string): Promise<void> {
  const at = new Date(context.clock()).toISOString();
  const hasSlot = ({ destination_id, status, reason }: Delivery): boolean =>
    destination_id === destinationId && status === "pending" && reason === DEFER_REASONS.rate_limit;
  const edit = (current: Delivery): Delivery =>
    hasSlot(current) ? { ...current, reason: null, next_attempt_at: at } : current;
  for (let page = 0; page < MAX_PAGES; page++) {
    const events = await readPendingFor(context.shard.db, destinationId, MAX_EVENTS, DEFER_REASONS.rate_limit);
    const deliveries = events.flatMap((event) => event.deliveries).filter(hasSlot);
    const edits = deliveries.map(({ event_id, id }) => ({ event_id, delivery_id: id, edit }));
    await recordAndEnqueue(context, edits, events);
    if (events.length < MAX_EVENTS) return;
  }
}

/**
 * Makes the deliveries due that wait for their slot of a destination's rate limit, in every shard, so that they get a slot
 * of the new limit: a slot of the old one may lie years ahead. Throws if D1 cannot be read or written.
 */
export async function releaseSlots(context: Context, destinationId: string): Promise<void> {
  await inEachShard(context, (each) => releaseSlotsInShard(each, destinationId));
}
