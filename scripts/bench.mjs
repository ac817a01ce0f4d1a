import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startHelper } from "./bench/helper.mjs";
import { describeMachine } from "./bench/machine.mjs";
import { missingFigures } from "./bench/metrics.mjs";
import { USAGE, UsageError, readOptions } from "./bench/options.mjs";
import { printReport, toJson } from "./bench/report.mjs";
import { stopRuntimes, takeComplaints, watchRuntimes } from "./bench/runtime.mjs";
import { measureBundle } from "./bench/sections/bundle.mjs";
import { measureCost } from "./bench/sections/cost.mjs";
import { measureEndToEnd } from "./bench/sections/end-to-end.mjs";
import { measureGrowth } from "./bench/sections/growth.mjs";
import { measureHostile } from "./bench/sections/hostile.mjs";
import { measureIngest } from "./bench/sections/ingest.mjs";
import { measureLog } from "./bench/sections/log.mjs";
import { measurePeers } from "./bench/sections/peers.mjs";
import { measureRows } from "./bench/sections/rows.mjs";
import { measureSigning } from "./bench/sections/signing.mjs";
import { measureTransformations } from "./bench/sections/transformations.mjs";
import { buildWorker } from "./build/worker.mjs";
import { readConfig } from "./local/worker.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {Record<import("./bench/metrics.mjs").Section, (bench: import("./bench/gateway.mjs").Bench) => Promise<Record<string, number>>>} */
const MEASURES = {
  ingest: measureIngest,
  end_to_end: measureEndToEnd,
  cost: measureCost,
  rows: measureRows,
  growth: measureGrowth,
  log: measureLog,
  bundle: measureBundle,
  signing: measureSigning,
  hostile: measureHostile,
  transformations: measureTransformations,
};

/** @param {unknown} error */
const said = (error) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/**
 * Changes how long the consumer of events waits for a batch to fill up, and that of the floors with it.
 * @param {import("./local/worker.mjs").Config} config
 * @param {number} maxBatchTimeout in seconds
 */
function withBatchTimeout(config, maxBatchTimeout) {
  const { queueConsumers = {} } = config.worker;
  const changed = Object.entries(queueConsumers).map(([name, settings]) => [
    name,
    name === "hookgate-events" ? { ...Object(settings), maxBatchTimeout } : settings,
  ]);
  return { ...config, worker: { ...config.worker, queueConsumers: Object.fromEntries(changed) } };
}

/** @param {import("./bench/options.mjs").BenchOptions} options */
async function run({ plan, only, peers, json, quick, batch_timeout, root: given }) {
  const root = given === null ? ROOT : resolve(given);
  const temporary = mkdtempSync(join(tmpdir(), "hookgate-bench-"));
  const clean = () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  const began = performance.now();
  const machine = describeMachine(root);
  let folders = 0;
  const folder = (/** @type {string} */ name) => {
    const path = join(temporary, `${++folders}-${name}`);
    mkdirSync(path);
    return path;
  };
  process.once("exit", clean); // the watcher ends runtimes that are still running
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.once(signal, () => process.exit(1));
  watchRuntimes();
  /** @type {string[]} */
  const notes = [];
  /** @type {string[]} */
  const faults = [];
  /** @type {Record<string, Record<string, number>>} */
  const figures = {};
  /** @type {Record<string, object>} */
  let compared = {};
  try {
    const [config, built, load, receiver] = await Promise.all([
      readConfig(root),
      buildWorker(root, folder("bundle")),
      startHelper("load.mjs"),
      startHelper("receiver.mjs"),
    ]);
    const bench = {
      root,
      plan,
      built,
      config: batch_timeout === null ? config : withBatchTimeout(config, batch_timeout),
      folder,
      load,
      receiver,
      note: (/** @type {string} */ text) => void notes.push(text),
      fail: (/** @type {string} */ text) => void faults.push(text),
    };
    const steps = only.map((section) => ({
      name: section,
      run: async () => void (figures[section] = await MEASURES[section](bench)),
    }));
    const all = peers
      ? [...steps, { name: "peers", run: async () => void (compared = await measurePeers(bench)) }]
      : steps;
    const minutes = quick ? "two minutes" : "a quarter of an hour";
    process.stderr.write(`Measuring ${all.length} parts, one after another. All parts take about ${minutes}.\n`);
    for (const step of all) {
      const stepBegan = performance.now();
      process.stderr.write(`${step.name} … `);
      try {
        await step.run();
      } catch (error) {
        faults.push(`${step.name}: ${said(error)}`);
      }
      await stopRuntimes();
      const complaints = takeComplaints();
      if (complaints.length > 0)
        notes.push(
          `${step.name}: ${complaints.length} warnings and errors were logged, first ${complaints[0]?.slice(0, 300)}`,
        );
      process.stderr.write(`${((performance.now() - stepBegan) / 1000).toFixed(0)} s\n`);
    }
    await Promise.all([load.stop(), receiver.stop()]);
  } finally {
    await stopRuntimes();
  }
  for (const name of missingFigures(figures, only)) faults.push(`${name} could not be measured.`);
  const outcome = {
    machine,
    quick,
    seconds: Math.round((performance.now() - began) / 1000),
    figures,
    compared,
    notes,
    faults,
  };
  printReport(outcome);
  process.stderr.write("\nNext: docs/performance.md says what each figure means.\n");
  if (json) console.log(toJson(outcome));
  return faults.length === 0 ? 0 : 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else process.exit(await run(options)); // the reader of wrangler.toml would keep this process alive
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(1);
}
