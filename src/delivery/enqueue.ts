import type { Env } from "../env.ts";
import { settleWithin } from "../http/time-limit.ts";
import { type Delivery, type DeliveryMessage, LONGEST_DELAY_SECONDS } from "../model/delivery.ts";
import { describeError, logLine } from "../telemetry/log.ts";

/** The most messages of one `sendBatch`. */
const MOST_PER_BATCH = 100;
/** An overloaded queue can take a minute to answer; nobody waits for that, in ms. */
const SEND_LIMIT_MS = 3_000;

function delaySeconds(delivery: Delivery, nowMs: number): number {
  const due = delivery.next_attempt_at === null ? nowMs : Date.parse(delivery.next_attempt_at);
  return Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.round((due - nowMs) / 1000)));
}

/**
 * Puts pending deliveries into the DELIVERIES queue, each for when it is due. Never rejects: what the queue does not take,
 * the sweep sends when it is overdue.
 */
export async function enqueueDeliveries(env: Env, deliveries: readonly Delivery[], nowMs: number): Promise<void> {
  const messages = deliveries
    .filter((delivery) => delivery.status === "pending")
    .map((delivery) => {
      const body: DeliveryMessage = { v: 1, delivery_id: delivery.id, attempts: delivery.attempts.length };
      return { body, delaySeconds: delaySeconds(delivery, nowMs) };
    });
  for (let start = 0; start < messages.length; start += MOST_PER_BATCH) {
    const part = messages.slice(start, start + MOST_PER_BATCH);
    const sent = await settleWithin(SEND_LIMIT_MS, () => env.DELIVERIES.sendBatch(part));
    if (sent.kind === "done") continue;
    const error = sent.kind === "failed" ? describeError(sent.error) : sent.kind;
    logLine("warn", "deliveries left to the sweep", { count: messages.length - start, error });
    return;
  }
}
