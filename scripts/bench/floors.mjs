import { readFileSync } from "node:fs";
import { startRuntime } from "./runtime.mjs";

/**
 * Starts a script of `workers/` that needs no bundler, with the gateway's compatibility settings.
 * @param {import("./gateway.mjs").Bench} bench
 * @param {string} script
 * @param {{ consumer?: boolean, bindings?: Record<string, string> }} [options] `consumer` attaches it as the gateway's is attached
 */
export async function startFloor(bench, script, { consumer = false, bindings = {} } = {}) {
  const { compatibilityDate, compatibilityFlags, queueConsumers } = bench.config.worker;
  const queueName = "hookgate-events";
  const settings = new Map(Object.entries(queueConsumers ?? {})).get(queueName);
  const attached = typeof settings === "object" ? { ...settings, deadLetterQueue: undefined } : {};
  return startRuntime(
    {
      compatibilityDate,
      compatibilityFlags,
      bindings,
      modules: [
        {
          type: "ESModule",
          path: script,
          contents: readFileSync(new URL(`./workers/${script}`, import.meta.url), "utf8"),
        },
      ],
      queueProducers: { EVENTS: { queueName } },
      queueConsumers: consumer ? { [queueName]: attached } : {},
    },
    bench.folder("floor"),
  );
}
