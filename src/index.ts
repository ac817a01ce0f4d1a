import { app } from "./app.ts";
import type { Tools } from "./delivery/attempts/attempt.ts";
import type { Env } from "./settings.ts";
import { isolateOf } from "./context.ts";
import { consumeDeadLetters } from "./pipeline/consume-dead-letters.ts";
import { consumeDeliveries } from "./pipeline/consume-deliveries.ts";
import { consumeEvents } from "./pipeline/consume-events.ts";
import { shardOfQueue } from "./platform/shards.ts";
import { sweep } from "./maintenance/maintenance.ts";
import { logLine } from "./platform/log.ts";

/** How long what waits for a shard that is not bound is left alone. */
const UNBOUND_SECONDS = 3_600;

function toolsOf(env: Env): Tools {
  return { env, isolate: isolateOf(env), now: () => Date.now(), random: () => Math.random() };
}

export default {
  fetch: app.fetch,
  async queue(batch, env, ctx) {
    const shard = shardOfQueue(env, batch.queue);
    if (shard === null) {
      logLine("error", "queue of a shard that is not bound", { queue: batch.queue, count: batch.messages.length });
      batch.retryAll({ delaySeconds: UNBOUND_SECONDS });
      return;
    }
    const tools = toolsOf(shard);
    // By ending, so that queues of another name (a second gateway in the same account) need no change here.
    if (batch.queue.endsWith("-dead-letters")) await consumeDeadLetters(tools, batch);
    else if (batch.queue.endsWith("-deliveries")) await consumeDeliveries(tools, batch, ctx);
    else await consumeEvents(tools, batch, ctx);
  },
  async scheduled(controller, env) {
    await sweep(env, controller.cron, Date.now());
  },
} satisfies ExportedHandler<Env>;
