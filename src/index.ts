import { app } from "./app.ts";
import type { Env } from "./platform/bindings.ts";
import { contextOf, withShard } from "./context.ts";
import { consumeDeadLetters } from "./pipeline/consume-dead-letters.ts";
import { consumeDeliveries } from "./pipeline/consume-deliveries.ts";
import { consumeEvents } from "./pipeline/consume-events.ts";
import { shardOfQueue } from "./platform/shards.ts";
import { sweep } from "./maintenance/maintenance.ts";
import { logLine } from "./platform/log.ts";

/** How long what waits for a shard that is not bound is left alone. */
const UNBOUND_SECONDS = 3_600;

export default {
  fetch: app.fetch,
  async queue(batch, env, ctx) {
    const context = contextOf(env);
    const shard = shardOfQueue(context.shards, batch.queue);
    if (shard === null) {
      logLine("error", "queue of a shard that is not bound", { queue: batch.queue, count: batch.messages.length });
      batch.retryAll({ delaySeconds: UNBOUND_SECONDS });
      return;
    }
    const own = withShard(context, shard);
    // By ending, so that queues of another name (a second gateway in the same account) need no change here.
    if (batch.queue.endsWith("-dead-letters")) await consumeDeadLetters(own, batch);
    else if (batch.queue.endsWith("-deliveries")) await consumeDeliveries(own, batch, ctx);
    else await consumeEvents(own, batch, ctx);
  },
  async scheduled(controller, env) {
    await sweep(contextOf(env), controller.cron, Date.now());
  },
} satisfies ExportedHandler<Env>;
