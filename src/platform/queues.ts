import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, SEND_TIMEOUT_MS } from "./limits.ts";
import { type LogFields, logLine } from "./log.ts";
import { describeFailure, withTimeout } from "./with-timeout.ts";

/** The most that one batch may hold. `bytesOf` returns an upper bound of an item's size. */
export type BatchLimits<T> = {
  readonly maxCount: number;
  readonly maxBytes: number;
  readonly bytesOf: (item: T) => number;
};

/**
 * Splits items into batches and keeps their order. An item above `maxBytes` gets a batch of its own. The default limits are
 * those of one `sendBatch`; without `bytesOf` only the count is limited.
 */
export function packBatches<T>(items: readonly T[], limits: Partial<BatchLimits<T>> = {}): T[][] {
  const { maxCount = MAX_BATCH_MESSAGES, maxBytes = MAX_BATCH_BYTES, bytesOf = () => 0 } = limits;
  const batches: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    const batch = batches.at(-1);
    bytes += size;
    if (batch === undefined || batch.length >= maxCount || bytes > maxBytes) {
      batches.push([item]);
      bytes = size;
    } else {
      batch.push(item);
    }
  }
  return batches;
}

/** How a send ended. Messages of a send that timed out may still arrive. */
export type SendResult = "sent" | "failed" | "timed_out";

/**
 * Sends one batch, which must be within the default limits of `packBatches`, and waits at most SEND_TIMEOUT_MS for the queue. Never rejects. A
 * failure is logged with `fields`, which name what the messages are about.
 */
export async function sendBatch(
  queue: Queue,
  messages: readonly MessageSendRequest[],
  fields: LogFields,
): Promise<SendResult> {
  const result = await withTimeout(SEND_TIMEOUT_MS, () => queue.sendBatch(messages));
  if (result.kind === "done") return "sent";
  logLine("warn", "queue.send_failed", { ...fields, count: messages.length, error: describeFailure(result) });
  return result.kind;
}
