import { contextOf, withShard } from "./context.ts";
import { runMaintenance } from "./maintenance/maintenance.ts";
import { consumeDeadLetters } from "./pipeline/consume-dead-letters.ts";
import { consumeDeliveries } from "./pipeline/consume-deliveries.ts";
import { consumeEvents } from "./pipeline/consume-events.ts";
import type { Env } from "./platform/bindings.ts";
import { logLine } from "./platform/log.ts";
import { shardOfQueue } from "./platform/shards.ts";

/** How long messages of a shard that is not bound wait until they are tried again. */
const UNBOUND_SECONDS = 3_600;

/** What the consumers use of their invocation. */
type Waits = Pick<ExecutionContext, "waitUntil">;

/** Processes a batch of any queue. */
export async function consume(batch: MessageBatch, env: Env, ctx: ExecutionContext): Promise<void> {
  const context = contextOf(env);
  const shard = shardOfQueue(context.shards, batch.queue);
  if (shard === null) {
    const { queue, messages } = batch;
    logLine("error", "batch.deferred", { queue, count: messages.length, reason: "shard_not_bound" });
    batch.retryAll({ delaySeconds: UNBOUND_SECONDS });
    return;
  }
  const own = withShard(context, shard);
  const notify = (): void => ctx.waitUntil(own.caches.changes.notify());
  // Attempts in flight end later, and are a change then.
  const waits: Waits = { waitUntil: (work) => ctx.waitUntil(work.finally(notify)) };
  // The end of the name tells the queues apart, so that a second gateway in the same account can name its own.
  if (batch.queue.endsWith("-dead-letters")) await consumeDeadLetters(own, batch);
  else if (batch.queue.endsWith("-deliveries")) await consumeDeliveries(own, batch, waits);
  else await consumeEvents(own, batch, waits);
  notify();
}

/** Runs maintenance, as a cron trigger asks for it. */
export async function maintain(cron: string, env: Env): Promise<void> {
  await runMaintenance(contextOf(env), cron);
}
