import { app } from "./app.ts";
import type { Env } from "./platform/bindings.ts";

export { Listener } from "./listeners/listener.ts";

// The build puts each `import()` into a chunk of its own, so that an isolate that only receives webhooks does not evaluate
// the consumers.
export default {
  fetch: app.fetch,
  async queue(batch, env, ctx) {
    const { consume } = await import("./background.ts");
    await consume(batch, env, ctx);
  },
  async scheduled(controller, env) {
    const { maintain } = await import("./background.ts");
    await maintain(controller.cron, env);
  },
} satisfies ExportedHandler<Env>;
