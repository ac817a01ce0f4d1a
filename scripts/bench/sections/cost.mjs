import { setTimeout as sleep } from "node:timers/promises";
import { statSync } from "node:fs";
import { usdPerMillion } from "../cost.mjs";
import { startGateway } from "../gateway.mjs";
import { findDatabase, seed } from "../seed.mjs";
import { buildRequests, pagertreeCreate } from "../requests.mjs";
import { send } from "../rounds.mjs";
import { expectComplaints } from "../runtime.mjs";
import { measureKept } from "./cold.mjs";
import { flow, startDelivering } from "./end-to-end.mjs";

// Events arrive one at a time, 50 a second. Events that share no batch cost the most, and most users send such events.
const PACE_MS = 20;
const IDLE_MS = 2_000;
const DAY_MS = 86_400_000;
const OLD_DAYS = 60;

/** @typedef {import("../gateway.mjs").Bench} Bench */
/** @typedef {import("../gateway.mjs").Meter} Meter */

/** @param {Meter} meter @param {number} events */
function perEvent(meter, events) {
  const share = Object.entries(meter).map(([name, count]) => [name, count / events]);
  return /** @type {Meter} */ (Object.fromEntries(share));
}

/** What an event uses and costs. @param {Bench} bench */
export async function measureCost(bench) {
  const count = bench.plan.cost_events;
  const metered = await startDelivering(bench, ["/cost"], { metered: true });
  await flow(bench, "warming up", metered, { count: 50 });
  await metered.quiet();
  await metered.meter();
  await flow(bench, "cost, one at a time", metered, { count, connections: 4, interval_ms: PACE_MS });
  await metered.quiet();
  const one = perEvent(await metered.meter(), count);
  await flow(bench, "cost, in a burst", metered, { count: count * 5 });
  await metered.quiet();
  const burst = perEvent(await metered.meter(), count * 5);
  const pagertree = await measurePagertree(bench, metered, count);
  await metered.stop();

  const cpu = await measureCpu(bench, count);
  const old = await measureRetention(bench);
  const usage = {
    worker_requests: one.requests + one.batches,
    cpu_ms: cpu.alone,
    queue_operations: one.queue_operations,
    d1_rows_read: one.rows_read,
    d1_rows_written: one.rows_written,
  };
  const price = usdPerMillion(usage);
  const inBurst = usdPerMillion({
    worker_requests: burst.requests + burst.batches,
    cpu_ms: cpu.burst,
    queue_operations: burst.queue_operations,
    d1_rows_read: burst.rows_read,
    d1_rows_written: burst.rows_written,
  });
  const deletion = usdPerMillion({
    worker_requests: 0,
    cpu_ms: 0,
    queue_operations: 0,
    d1_rows_read: old.rows_read,
    d1_rows_written: old.rows_written,
  });
  const parts = Object.entries(price.parts).map(([name, usd]) => `${name} ${usd.toFixed(3)}`);
  bench.note(
    `A million events: ${parts.join(", ")}; deleting them ${deletion.total.toFixed(2)}. In the database one takes up ${Math.round(old.bytes)} bytes.`,
  );
  bench.note(
    `In a burst an event writes ${burst.rows_written.toFixed(2)} rows, reads ${burst.rows_read.toFixed(1)}, takes ${burst.queue_operations.toFixed(2)} queue operations, ` +
      `${burst.batches.toFixed(3)} batches and ${cpu.burst.toFixed(2)} ms of CPU: ${inBurst.total.toFixed(2)} USD a million.`,
  );
  return {
    d1_rows_written_per_event: one.rows_written,
    d1_rows_read_per_event: one.rows_read,
    queue_operations_per_event: one.queue_operations,
    cpu_ms_per_event: cpu.alone,
    usd_per_million_events: price.total,
    usd_per_million_events_with_retention: price.total + deletion.total,
    pagertree_rows_written_per_event: pagertree.rows_written,
    bytes_per_event: old.bytes,
    ...(await measureKept(bench)),
    d1_ms_per_event: one.sql_ms,
    d1_ms_per_event_in_a_burst: burst.sql_ms,
    subrequests_per_event: one.subrequests,
  };
}

/** @param {Bench} bench @param {Awaited<ReturnType<typeof startDelivering>>} gateway @param {number} count */
async function measurePagertree(bench, gateway, count) {
  const { id } = await gateway.create("/integrations", { name: "Monitoring", type: "pagertree" });
  await gateway.connect({ id }, [`http://127.0.0.1:${bench.receiver.port}/pagertree`]);
  const requests = buildRequests(count, (index) => ({ path: `/integration/${id}`, body: pagertreeCreate(index) }));
  await bench.receiver.ask({ command: "reset" });
  await gateway.quiet();
  await gateway.meter();
  await send(bench, "PagerTree creates", gateway.port, requests, { connections: 4, count, interval_ms: PACE_MS });
  const { arrived } = await bench.receiver.ask({ command: "collect", count, quiet_ms: 5_000, secrets: {} });
  if (arrived !== count) bench.fail(`PagerTree creates: ${arrived} of ${count} arrived`);
  await gateway.quiet();
  return perEvent(await gateway.meter(), count);
}

/** CPU time of the runtime's process for each event, less what it takes while nothing happens. @param {Bench} bench @param {number} count */
async function measureCpu(bench, count) {
  const gateway = await startDelivering(bench, ["/cpu"]);
  await flow(bench, "warming up", gateway, { count: 1_000 });
  await gateway.quiet();
  const spent = async (/** @type {() => Promise<unknown>} */ work) => {
    const [cpu, began] = [gateway.cpuMs(), performance.now()];
    await work();
    const [cpuAfter, ended] = [gateway.cpuMs(), performance.now()];
    return { ms: cpu === null || cpuAfter === null ? NaN : cpuAfter - cpu, wall: ended - began };
  };
  const idle = await spent(() => sleep(IDLE_MS));
  const perEventOf = async (/** @type {number} */ events, /** @type {object} */ how) => {
    const { ms, wall } = await spent(async () => {
      await flow(bench, "CPU", gateway, { count: events, ...how });
      await gateway.quiet();
    });
    return (ms - (idle.ms / idle.wall) * wall) / events;
  };
  const alone = await perEventOf(count, { connections: 4, interval_ms: PACE_MS });
  const burst = await perEventOf(count * 5, {});
  await gateway.stop();
  return { alone, burst };
}

/** What it takes to delete an event once it is old, and what it took up. @param {Bench} bench */
async function measureRetention(bench) {
  const events = bench.plan.old_events;
  const template = await startDelivering(bench, ["/old"]);
  await flow(bench, "a row to copy", template, { count: 1 });
  await template.quiet();
  await template.stop();
  const file = findDatabase(template.state);
  const before = statSync(file).size;
  seed(file, { count: events, from_ms: Date.now() - OLD_DAYS * DAY_MS, every_ms: 1_000 });
  const bytes = (statSync(file).size - before) / events;

  const gateway = await startGateway(bench, { folder: template.state, metered: true });
  const db = await gateway.miniflare.getD1Database("DB");
  const left = async () => Number(await db.prepare("SELECT COUNT(*) AS left FROM events").first("left"));
  const seeded = await left();
  await gateway.meter();
  await gateway.runMaintenance();
  const meter = await gateway.meter();
  const deleted = seeded - (await left());
  await gateway.stop();
  expectComplaints("reconciliation.unbalanced"); // the copies were never accepted
  if (deleted < events / 4) bench.fail(`One run of the retention deleted ${deleted} of ${events} old events.`);
  return { ...perEvent(meter, deleted), bytes }; // NaN if nothing was deleted, which fails the run
}
