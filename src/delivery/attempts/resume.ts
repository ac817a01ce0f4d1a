import { type Delivery, PUT_OFF } from "../../model/delivery.ts";
import { readPendingFor } from "../../storage/events/events.ts";
import { type Context, withShard } from "../../context.ts";
import { holdUp } from "./transitions.ts";
import { recordAndEnqueue } from "./record-and-enqueue.ts";

/** What is beyond waits until its own time comes. */
const MAX_EVENTS = 500;

function inEachShard(context: Context, work: (context: Context) => Promise<void>): Promise<void[]> {
  return Promise.all(context.shards.map((shard) => work(withShard(context, shard))));
}

async function resumeInShard(context: Context, destinationId: string): Promise<void> {
  const events = await readPendingFor(context.shard.db, destinationId, MAX_EVENTS, PUT_OFF.breaker);
  const at = new Date(context.clock()).toISOString();
  const isWaiting = ({ destination_id, reason }: Delivery): boolean =>
    destination_id === destinationId && reason === PUT_OFF.breaker;
  const waiting = events.flatMap((event) => event.deliveries).filter(isWaiting);
  const edit = (current: Delivery): Delivery => (isWaiting(current) ? holdUp(current, PUT_OFF.breaker, at) : current);
  await recordAndEnqueue(
    context,
    waiting.map(({ event_id, id }) => ({ event_id, delivery_id: id, edit })),
    events,
  );
}

/** Has the deliveries that waited for a destination's breaker, in any shard, tried at once, now that it is well again. */
export async function resumePutOff(context: Context, destinationId: string): Promise<void> {
  await inEachShard(context, (each) => resumeInShard(each, destinationId));
}

/** What is beyond waits for the place that it has. */
const MAX_PAGES = 20;

async function bookAnewInShard(context: Context, destinationId: string): Promise<void> {
  const at = new Date(context.clock()).toISOString();
  const isBooked = ({ destination_id, status, reason }: Delivery): boolean =>
    destination_id === destinationId && status === "pending" && reason === PUT_OFF.rate_limit;
  const edit = (current: Delivery): Delivery =>
    isBooked(current) ? { ...current, reason: null, next_attempt_at: at } : current;
  for (let page = 0; page < MAX_PAGES; page++) {
    const events = await readPendingFor(context.shard.db, destinationId, MAX_EVENTS, PUT_OFF.rate_limit);
    const booked = events.flatMap((event) => event.deliveries).filter(isBooked);
    const edits = booked.map(({ event_id, id }) => ({ event_id, delivery_id: id, edit }));
    await recordAndEnqueue(context, edits, events);
    if (events.length < MAX_EVENTS) return;
  }
}

/**
 * Has the deliveries that wait for their place of a destination's rate limit, in any shard, looked at anew, now that the
 * limit is another: under the old one they may be booked for years from now. Throws where D1 cannot be read or written.
 */
export async function bookAnew(context: Context, destinationId: string): Promise<void> {
  await inEachShard(context, (each) => bookAnewInShard(each, destinationId));
}
