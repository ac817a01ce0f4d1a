import { waitUntil } from "cloudflare:workers";
import type { BatchLimits } from "../platform/queues.ts";
import { withTimeout } from "../platform/with-timeout.ts";

/** How long a request waits for a flush in flight before it starts a flush of its own, in ms. */
const MAX_WAIT_MS = 10;
/** How long a request waits for another request's flush that took its items, in ms: longer than the slowest flush. */
const MAX_TRUST_MS = 7_000;
/** How long a request continues to flush the items of others, in ms: it must not run forever after its response. */
const MAX_FLUSHING_MS = 2_000;

type Waiting<T> = { readonly items: readonly T[]; readonly resolve: (isDone: boolean) => void };

/** Flushes items, in one batch with those of other requests. Returns whether that succeeded. */
export type Batcher<T> = (items: readonly T[]) => Promise<boolean>;

/**
 * Makes a batcher for work that costs about the same for one item as for many. A request that arrives while no flush has
 * been started lately starts one, and continues with the items that arrive meanwhile. A batch that fails is flushed again
 * for each request alone. `flush` must not reject, and must tolerate an item twice. `now` is in ms.
 *
 * Risk: one request's promise is resolved in another request's I/O context. A waiter must not do I/O in its continuation
 * unless the runtime resumes it in its own context (see accept.ts): workerd would attribute the I/O to the request that
 * resolved the promise. docs/decisions/0012-batcher-for-durable-acceptance.md has the measurements.
 */
export function createBatcher<T>(
  flush: (items: readonly T[]) => Promise<boolean>,
  { maxCount, maxBytes, bytesOf }: BatchLimits<T>,
  now: () => number,
): Batcher<T> {
  const waiting: Waiting<T>[] = [];
  /** When the latest flush was started, while it is in flight. */
  let latest_ms = Number.NEGATIVE_INFINITY;

  /** Takes the requests, in order of arrival, whose items fit into one batch. */
  function takeBatch(): readonly Waiting<T>[] {
    let count = 0;
    let bytes = 0;
    const first = waiting.findIndex(({ items }, index) => {
      count += items.length;
      bytes = items.reduce((sum, item) => sum + bytesOf(item), bytes);
      return index > 0 && (count > maxCount || bytes > maxBytes);
    });
    return waiting.splice(0, first < 0 ? waiting.length : first);
  }

  async function flushBatch(batch: readonly Waiting<T>[]): Promise<void> {
    if (await flush(batch.flatMap(({ items }) => items))) {
      for (const { resolve } of batch) resolve(true);
    } else if (batch.length === 1) {
      batch[0]?.resolve(false);
    } else {
      await Promise.all(batch.map(async ({ items, resolve }) => resolve(await flush(items))));
    }
  }

  async function flushWaiting(): Promise<void> {
    const started_ms = now();
    let own_ms = started_ms;
    do {
      const batch = takeBatch();
      if (batch.length === 0) break;
      own_ms = now();
      latest_ms = own_ms;
      await flushBatch(batch);
    } while (now() - started_ms < MAX_FLUSHING_MS);
    if (latest_ms === own_ms) latest_ms = Number.NEGATIVE_INFINITY;
  }

  return async (items) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const entry = { items, resolve };
    const isInFlight = now() - latest_ms < MAX_WAIT_MS;
    waiting.push(entry);
    if (isInFlight) {
      // Each waiter has a timer of its own: workerd cancels a request that waits only for another request.
      const early = await withTimeout(MAX_WAIT_MS, () => promise);
      if (early.kind === "done") return early.value;
      if (!waiting.includes(entry)) {
        const late = await withTimeout(MAX_TRUST_MS, () => promise);
        return late.kind === "done" ? late.value : await flush(items);
      }
    }
    // Other requests wait for this work: it must survive a sender that hangs up.
    waitUntil(flushWaiting());
    return await promise;
  };
}
