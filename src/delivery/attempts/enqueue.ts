import { type CloseGroupMessage, type Delivery, type DeliveryMessage, waitsForResume } from "../../model/delivery.ts";
import { MAX_DELAY_SECONDS } from "../../platform/limits.ts";
import { packBatches, sendBatch } from "../../platform/queues.ts";
import type { Shard } from "../../platform/shards.ts";
import type { OpenGroup } from "../../storage/pipeline/groups.ts";

function delaySeconds(delivery: Delivery, nowMs: number): number {
  const due = delivery.next_attempt_at === null ? nowMs : Date.parse(delivery.next_attempt_at);
  return Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((due - nowMs) / 1000)));
}

type Sendable = {
  readonly body: DeliveryMessage | CloseGroupMessage;
  readonly delaySeconds: number;
};

async function sendAll(shard: Shard, messages: readonly Sendable[], noun: "deliveries" | "groups"): Promise<void> {
  for (const batch of packBatches(messages)) {
    if ((await sendBatch(shard.deliveries, batch, { messages: noun })) !== "sent") return;
  }
}

/**
 * Enqueues pending deliveries, each for the time when it is due, except those of paused destinations, with the slots of rate limits that they keep. Never rejects:
 * maintenance finds the deliveries that the queue does not take.
 */
export async function enqueueDeliveries(
  shard: Shard,
  deliveries: readonly Delivery[],
  nowMs: number,
  slots: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  const messages = deliveries
    .filter((delivery) => delivery.status === "pending" && !waitsForResume(delivery))
    .map((delivery) => {
      const slot_at = slots.get(delivery.id);
      const kept = slot_at === undefined ? {} : { slot_at };
      const body: DeliveryMessage = { v: 1, delivery_id: delivery.id, attempts: delivery.attempts.length, ...kept };
      return { body, delaySeconds: delaySeconds(delivery, nowMs) };
    });
  await sendAll(shard, messages, "deliveries");
}

/**
 * How long after the end of its window a group is closed, in ms: the last events of the window may still be at their first
 * attempts, and are recorded after those.
 */
const CLOSE_GRACE_MS = 1_000;

/** Returns the time by which the events of a window are on record, unless something failed. */
export function closingTime(closesAtMs: number): number {
  return closesAtMs + CLOSE_GRACE_MS;
}

/**
 * Enqueues the closing of groups, each for the end of its window, and at the earliest in a second, so that a backlog is
 * closed together. Never rejects: maintenance finds the groups that the queue does not take.
 */
export async function enqueueGroupCloses(shard: Shard, groups: readonly OpenGroup[], nowMs: number): Promise<void> {
  const messages = groups.map(({ id, closes_at }) => {
    const body: CloseGroupMessage = { v: 1, close_group: id };
    const seconds = Math.ceil((closingTime(closes_at) - nowMs) / 1000);
    return { body, delaySeconds: Math.min(MAX_DELAY_SECONDS, Math.max(1, seconds)) };
  });
  await sendAll(shard, messages, "groups");
}
