import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildWorker } from "../build/worker.mjs";
import { startRuntime } from "./runtime.mjs";

/**
 * Starts a script of `workers/`, with the gateway's compatibility settings.
 * @param {import("./gateway.mjs").Bench} bench
 * @param {string} script
 * @param {{ consumer?: boolean, bindings?: Record<string, string>, bundled?: boolean }} [options] `consumer` attaches it as the gateway's is
 * attached; `bundled`: the script imports parts of the gateway
 */
export async function startFloor(bench, script, { consumer = false, bindings = {}, bundled = false } = {}) {
  const { compatibilityDate, compatibilityFlags, queueConsumers } = bench.config.worker;
  const queueName = "hookgate-events";
  const settings = new Map(Object.entries(queueConsumers ?? {})).get(queueName);
  const attached = typeof settings === "object" ? { ...settings, deadLetterQueue: undefined } : {};
  const file = new URL(`./workers/${script}`, import.meta.url);
  const modules = bundled
    ? (await buildWorker(bench.root, bench.folder("floor"), fileURLToPath(file))).modules
    : [{ type: /** @type {const} */ ("ESModule"), path: script, contents: readFileSync(file, "utf8") }];
  return startRuntime(
    {
      compatibilityDate,
      compatibilityFlags,
      bindings,
      modules,
      queueProducers: { EVENTS: { queueName } },
      queueConsumers: consumer ? { [queueName]: attached } : {},
    },
    bench.folder("floor"),
  );
}
