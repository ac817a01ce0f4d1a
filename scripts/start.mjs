import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { DASHBOARD_FOLDER, buildDashboard } from "./build/dashboard.mjs";
import { withDashboard } from "./local/dashboard.mjs";
import { lockFolder } from "./local/lock.mjs";
import { applyMigrations, checkDatabase } from "./local/migrations.mjs";
import { USAGE, readOptions } from "./local/options.mjs";
import { freeAddresses } from "./local/ports.mjs";
import { prepareWorker } from "./local/prepared.mjs";
import { databasesOf, withShards } from "./local/shards.mjs";
import { StartError } from "./local/start-error.mjs";
import { checkState } from "./local/state.mjs";
import { readVariables } from "./local/variables.mjs";
import { transformationService } from "./local/transformations/service.mjs";
import { endRuntimeWithUs, onOrphaned } from "./local/watchdog.mjs";
import { Progress } from "./progress.mjs";

// `wrangler dev` answers about nineteen times slower than the runtime itself and drives no cron trigger,
// so this runs the runtime on the bundle that would be deployed, and drives maintenance.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MAINTENANCE_INTERVAL_MS = 3000;

/** What a first start takes on two quiet cores. */
const DASHBOARD_SECONDS = 20;

const progress = new Progress();
let stopping = false;
const isStopping = () => stopping;

/** @param {import("./local/options.mjs").StartOptions} options */
async function start({ port, persistTo, shards, reset }) {
  const folder = resolve(persistTo);
  mkdirSync(folder, { recursive: true });
  lockFolder(folder);
  const state = join(folder, "state");
  if (reset) rmSync(state, { recursive: true, force: true });
  checkState(folder, state);

  const addresses = await freeAddresses(port);
  const [{ worker: deployed, migrations, modules }] = await Promise.all([
    prepareWorker(ROOT),
    buildDashboard(ROOT, () => progress.step("Building the dashboard, once after each upgrade", DASHBOARD_SECONDS)),
  ]);
  const worker = withShards(deployed, shards);
  const variables = readVariables({
    environment: process.env,
    devVarsFile: join(ROOT, ".dev.vars"),
    persistTo: folder,
    deployed: worker.bindings ?? {},
  });

  endRuntimeWithUs();
  await prepareDatabases(worker, migrations, folder, state);
  const transformations = transformationService(ROOT);
  const gateway = {
    ...worker,
    serviceBindings: { ...worker.serviceBindings, TRANSFORMATIONS: transformations.fetch },
    bindings: { ...worker.bindings, ...variables },
    modules,
    unsafeDirectSockets: addresses.map((host) => ({ host, port })),
  };
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      ...withDashboard(gateway, join(ROOT, DASHBOARD_FOLDER)),
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: state,
      cf: false,
      log: new Log(LogLevel.WARN),
      handleStructuredLogs: ({ level, message }) => {
        (level === "error" || level === "warn" ? process.stderr : process.stdout).write(`${message}\n`);
      },
      // What the queues held went with the runtime.
      unsafeHandleRuntimeRestart: () => runMaintenance(runtime, "@start"),
    }),
  );
  stopWhenTold(runtime, transformations);
  await runtime.ready;

  progress.end();
  greet(`http://localhost:${port}`, variables.ADMIN_TOKEN, folder);
  await runMaintenance(runtime, "@start");
  for (;;) {
    await sleep(MAINTENANCE_INTERVAL_MS);
    await runMaintenance(runtime, "* * * * *");
  }
}

/**
 * Applies pending migrations to the database of every shard before any port is open, so that no request meets an old schema.
 * @param {import("./local/worker.mjs").Config["worker"]} worker
 * @param {import("./local/worker.mjs").Config["migrations"]} migrations
 * @param {string} folder
 * @param {string} state
 */
async function prepareDatabases(worker, migrations, folder, state) {
  const { d1Databases, compatibilityDate } = worker;
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      d1Databases,
      compatibilityDate,
      modules: true,
      script: "export default {}",
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: state,
      cf: false,
      // The runtime prints a stack for a damaged database, which the message of checkDatabase replaces.
      handleStructuredLogs: () => {},
    }),
  );
  try {
    for (const name of databasesOf(worker)) {
      const db = await runtime.getD1Database(name);
      await checkDatabase(db, folder);
      await applyMigrations(db, migrations, folder);
    }
  } finally {
    await runtime.dispose();
  }
}

/**
 * Runs the Worker's scheduled handler once. An error is printed and not fatal: the next run does what this one left.
 * @param {Miniflare} runtime
 * @param {string} cron
 */
async function runMaintenance(runtime, cron) {
  try {
    const worker = await runtime.getWorker();
    await worker.scheduled({ cron });
  } catch (error) {
    if (!isStopping()) console.error(`Maintenance failed and will run again: ${String(error)}`);
  }
}

/**
 * @param {Miniflare} runtime
 * @param {ReturnType<typeof transformationService>} transformations
 */
function stopWhenTold(runtime, transformations) {
  const stop = () => {
    if (stopping) return;
    stopping = true;
    transformations.close();
    void runtime.dispose().finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.removeAllListeners(signal); // Miniflare's own would report a fault: it exits with 128 + the signal
    process.on(signal, stop);
  }
  onOrphaned(stop);
}

/**
 * @param {string} url
 * @param {string} adminToken
 * @param {string} folder
 */
function greet(url, adminToken, folder) {
  console.log(`
Hookgate is running on ${url}

  dashboard     ${url}
  admin token   ${adminToken}
  state         ${folder}

Create an integration:

  curl -sS ${url}/api/v1/integrations -H 'authorization: Bearer ${adminToken}' -H 'content-type: application/json' -d '{"name":"My first integration","type":"pagertree"}'

Next: docs/start-here/README.md leads from here to a delivered event. Ctrl+C stops the gateway and keeps its data.
`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else await start(options);
} catch (error) {
  progress.end();
  if (!isStopping()) {
    console.error(error instanceof StartError ? error.message : error);
    process.exit(1);
  }
}
