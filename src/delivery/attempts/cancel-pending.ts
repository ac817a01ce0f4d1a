import type { Context } from "../../context.ts";
import type { Delivery } from "../../model/delivery.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { readPendingFor } from "../../storage/events/log.ts";
import { recordEdits } from "./record.ts";
import { type CancelReason, cancel } from "./transitions.ts";

const PAGE = 100;
/** Deliveries past this limit are cancelled when their next attempt is due. */
const MAX_PAGES = 20;

async function cancelInShard(
  db: ShardDatabase,
  destinationId: string,
  reason: CancelReason,
  at: string,
): Promise<void> {
  const edit = (current: Delivery): Delivery => cancel(current, reason, at);
  for (let page = 0; page < MAX_PAGES; page++) {
    const events = await readPendingFor(db, destinationId, PAGE);
    const deliveries = events
      .flatMap((event) => event.deliveries)
      .filter((each) => each.destination_id === destinationId);
    const edits = deliveries.map(({ event_id, id }) => ({ event_id, delivery_id: id, edit }));
    await recordEdits(db, edits, events);
    if (events.length < PAGE) return;
  }
}

/**
 * Cancels the pending deliveries of a destination that is disabled or deleted, in every shard. Throws if D1 cannot be read
 * or written.
 */
export async function cancelPending(
  { shards }: Context,
  destinationId: string,
  reason: CancelReason,
  nowMs: number,
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  await Promise.all(shards.map(({ db }) => cancelInShard(db, destinationId, reason, at)));
}
