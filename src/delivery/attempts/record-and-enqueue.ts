import type { EventRecord } from "../../model/event.ts";
import type { Tools } from "./attempt.ts";
import { enqueueDeliveries } from "./enqueue.ts";
import { type DeliveryEdit, recordEdits } from "./record.ts";

/** Enters changes of deliveries, then queues those of them that are still pending for when they are due. */
export async function recordAndEnqueue(
  tools: Pick<Tools, "env" | "now">,
  edits: readonly DeliveryEdit[],
  known: readonly EventRecord[] = [],
): Promise<void> {
  const recorded = await recordEdits(tools.env.DB, edits, known);
  const edited = new Set(edits.map((each) => each.delivery_id));
  const next = [...recorded.values()].flat().filter((delivery) => edited.has(delivery.id));
  await enqueueDeliveries(tools.env, next, tools.now());
}
