import type { EventRecord } from "../../model/event.ts";
import type { Context } from "../../context.ts";
import { enqueueDeliveries } from "./enqueue.ts";
import { type DeliveryEdit, recordEdits } from "./record.ts";

/** Enters changes of deliveries, then queues those of them that are still pending for when they are due. */
export async function recordAndEnqueue(
  context: Context,
  edits: readonly DeliveryEdit[],
  known: readonly EventRecord[] = [],
): Promise<void> {
  const recorded = await recordEdits(context.shard.db, edits, known);
  const edited = new Set(edits.map((each) => each.delivery_id));
  const next = [...recorded.values()].flat().filter((delivery) => edited.has(delivery.id));
  await enqueueDeliveries(context.shard, next, context.clock());
}
