import { registerHooks } from "node:module";

const POOL = "/@cloudflare/vitest-plugin/dist/pool/index.mjs";
const DISABLED = 'runnerWorker.compatibilityFlags.push("no_handle_cross_request_promise_resolution");';

/**
 * Has the test runtime resume a request that waits for another request's work in its own I/O context, as production does.
 * The plugin disables that without a way to choose, and then such a request fails now and then: "Cannot perform I/O on
 * behalf of a different request". Must be called before the plugin is loaded. Throws while it is loaded if the plugin has
 * changed.
 */
export function resumeRequestsAsProduction(): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(POOL)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(DISABLED)) throw new Error(`${POOL} no longer contains: ${DISABLED}`);
      return { ...loaded, source: source.replace(DISABLED, "") };
    },
  });
}
