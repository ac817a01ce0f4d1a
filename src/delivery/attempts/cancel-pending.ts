import type { Context } from "../../context.ts";
import type { Delivery } from "../../model/delivery.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { readPendingFor } from "../../storage/events/events.ts";
import { type CancelReason, cancel } from "./transitions.ts";
import { recordEdits } from "./record.ts";

const PAGE = 100;
/** What is beyond is cancelled when its next attempt is due. */
const MAX_PAGES = 20;

async function cancelOfShard(
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
 * Cancels what a destination is still owed in any shard, now that it is off or gone. Throws where D1 cannot be read or
 * written.
 */
export async function cancelPending(
  { shards }: Context,
  destinationId: string,
  reason: CancelReason,
  nowMs: number,
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  await Promise.all(shards.map(({ db }) => cancelOfShard(db, destinationId, reason, at)));
}
