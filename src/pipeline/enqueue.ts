import type { Context } from "../context.ts";
import { enqueueDeliveries, enqueueGroupCloses } from "../delivery/attempts/enqueue.ts";
import type { Stage } from "./batch.ts";
import type { CommittedBatch } from "./commit.ts";

/** Pending deliveries and open groups are in the DELIVERIES queue. */
export type EnqueuedBatch = Stage<"enqueued", CommittedBatch, object>;

/** Step 7: enqueues pending deliveries and open groups. Never rejects: maintenance finds those that the queue does not take. */
export async function enqueue({ shard, clock }: Context, batch: CommittedBatch): Promise<EnqueuedBatch> {
  const { written, in_flight, kept_slots, opened_groups } = batch;
  const waiting = written.flatMap(({ deliveries }) => deliveries).filter(({ id }) => !in_flight.has(id));
  await enqueueDeliveries(shard, waiting, clock(), kept_slots);
  await enqueueGroupCloses(shard, opened_groups, clock());
  return { ...batch, stage: "enqueued" };
}
