import { cpSync } from "node:fs";
import { startGateway } from "../gateway.mjs";
import { median, medianRatio, percentile } from "../numbers.mjs";
import { buildRequests, catchBody } from "../requests.mjs";
import { interleave, rateOf, send } from "../rounds.mjs";
import { findDatabase, seed } from "../seed.mjs";
import { measureCold } from "./cold.mjs";
import { flow, startDelivering } from "./end-to-end.mjs";

const FEW_EVENTS = 10_000;
const RARE_EVERY = 1_000;
/** Ten of a million. */
const RAREST_EVERY = 100_000;
/** Maintenance counts some 220,000 events in each run. */
const MAINTENANCE_RUNS = 8;
const SPREAD_MS = 20 * 86_400_000;
const INTEGRATIONS = 1_000;
const LISTS = /** @type {const} */ (["events", "deliveries"]);

/** @typedef {import("../gateway.mjs").Bench} Bench */
/** @typedef {import("../gateway.mjs").Gateway} Gateway */

/** What gets slower as there is more of it. @param {Bench} bench */
export async function measureGrowth(bench) {
  return { ...(await measureLists(bench)), ...(await measureIntegrations(bench)), ...(await measureCold(bench)) };
}

/**
 * Connects an integration and a destination that few events are of, and sends them one event to copy.
 * @param {Bench} bench
 * @param {Gateway} template
 * @param {string} name
 */
export async function rareOf(bench, template, name) {
  const integration = await template.create("/integrations", { name, type: "catch" });
  const [destination] = await template.connect(integration, [`http://127.0.0.1:${bench.receiver.port}/${name}`]);
  const to = {
    port: template.port,
    path: `/integration/${integration.id}`,
    secrets: { [`/${name}`]: destination.signing_secret },
  };
  await flow(bench, "another row to copy", to, { count: 1 });
  return { integration: integration.id, destination: destination.id };
}

/** Two folders with databases of few and of many events, and what to filter by: an integration that one event in a thousand is of. @param {Bench} bench */
async function grow(bench) {
  const template = await startDelivering(bench, ["/common"]);
  await flow(bench, "a row to copy", template, { count: 1 });
  const rare = await rareOf(bench, template, "rare");
  const rarest = await rareOf(bench, template, "rarest");
  await template.quiet();
  await template.stop();
  const few = bench.folder("few");
  cpSync(template.state, few, { recursive: true });
  for (const [state, count] of /** @type {const} */ ([
    [few, FEW_EVENTS],
    [template.state, bench.plan.many_events],
  ])) {
    seed(findDatabase(state), {
      count,
      from_ms: Date.now() - SPREAD_MS,
      every_ms: SPREAD_MS / count,
      rare_every: RARE_EVERY,
      rarest_every: RAREST_EVERY,
    });
  }
  return { few, many: template.state, rare, rarest };
}

/**
 * Returns the p95 of a list's first and third page, requested in turn.
 * @param {Bench} bench
 * @param {Gateway} gateway
 * @param {string} list
 */
async function listP95(bench, gateway, list) {
  const pages = [`/api/v1/${list}?limit=50`];
  for (let page = 1; page < 3; page++) {
    const { data, next_cursor } = await gateway.read(pages[page - 1] ?? "");
    if (data.length !== 50 || next_cursor === null) bench.fail(`A page of ${list} had ${data.length} rows`);
    pages.push(`/api/v1/${list}?limit=50&cursor=${encodeURIComponent(next_cursor)}`);
  }
  const latencies = [];
  for (const path of [pages[0] ?? "", pages[2] ?? ""]) {
    const headers = { authorization: `Bearer ${gateway.adminToken}` };
    const requests = buildRequests(1, () => ({ method: "GET", path, headers }));
    const how = { connections: 1, count: bench.plan.list_requests };
    latencies.push(...(await send(bench, `list of ${list}`, gateway.port, requests, how)).latencies);
  }
  return percentile(latencies, 95);
}

/** @param {Bench} bench */
async function measureLists(bench) {
  const grown = await grow(bench);
  const few = await startGateway(bench, { folder: grown.few });
  const many = await startGateway(bench, { folder: grown.many });
  /** @type {number[]} */
  const ratios = [];
  for (const list of LISTS) {
    const variants = { few: () => listP95(bench, few, list), many: () => listP95(bench, many, list) };
    await interleave(1, variants);
    const p95 = await interleave(bench.plan.rounds, variants);
    ratios.push(medianRatio(p95.many, p95.few));
    bench.note(
      `List of ${list}: p95 ${median(p95.few).toFixed(1)} ms with 10,000 events, ${median(p95.many).toFixed(1)} ms with ${bench.plan.many_events.toLocaleString("en")}.`,
    );
  }
  await Promise.all([few.stop(), many.stop()]);
  return {
    list_p95_ratio_1m_to_10k: Math.max(...ratios),
    ...(await measureRowsRead(bench, grown)),
  };
}

/** @typedef {{ integration: string, destination: string }} Rare */

/** What is asked of a list; what is rare matches one event in a thousand. @param {Rare} rare */
function filtersOf({ integration, destination }) {
  const middle = encodeURIComponent(new Date(Date.now() - SPREAD_MS / 2).toISOString());
  return [
    { path: `/events?integration_id=${integration}`, says: "events of a rare integration" },
    { path: `/deliveries?integration_id=${integration}`, says: "deliveries of a rare integration" },
    { path: `/deliveries?destination_id=${destination}`, says: "deliveries to a rare destination" },
    { path: "/events?unrouted=true", says: "unrouted events, without a match" },
    { path: "/deliveries?status=pending", says: "pending deliveries, without a match" },
    { path: "/deliveries?event_type=alert.created", says: "deliveries of a type, without a match" },
    { path: `/events?to=${middle}&integration_id=${integration}`, says: "events of a rare integration, up to a time" },
    { path: "/events?outcome=ignored", says: "events with an outcome, without a match" },
    { path: "/events?type=alert.created", says: "events of a type, without a match" },
    { path: "/events?q=nowhere", says: "events with a word that is in none" },
    { path: "/alerts?status=open&urgency=critical", says: "open critical alerts, without a match" },
  ];
}

const DEAD = { path: "/deliveries?status=dead", says: "dead deliveries, without a match" };

/** @param {Bench} bench @param {{ many: string, rare: Rare, rarest: Rare }} grown */
async function measureRowsRead(bench, { many, rare, rarest }) {
  const gateway = await startGateway(bench, { folder: many, metered: true });
  for (let run = 0; run < MAINTENANCE_RUNS; run++) await gateway.runMaintenance();
  const measure = async (/** @type {string} */ path) => {
    await gateway.read("/api/v1/tokens"); // an isolate reads some rows once
    await gateway.meter();
    const began = performance.now();
    const { data, next_cursor } = await gateway.read(`/api/v1${path}`);
    const ms = performance.now() - began;
    const { rows_read } = await gateway.meter();
    return { read: rows_read, shown: data.length, ms, isLast: next_cursor === null };
  };
  const ratios = [];
  for (const list of LISTS) {
    const { read, shown } = await measure(`/${list}?limit=50`);
    ratios.push(read / Math.max(1, shown));
  }
  const measureFiltered = async (/** @type {{ path: string, says: string }} */ { path, says }) => {
    const page = await measure(`${path}&limit=50`);
    const { shown, read, ms, isLast } = page;
    const whole = isLast ? "all of them" : "and there is a next page";
    bench.note(
      `A page of ${says}: ${shown} shown, ${whole}; ${read.toLocaleString("en")} rows read, ${ms.toFixed(1)} ms.`,
    );
    return page;
  };
  const pages = [];
  for (const filter of filtersOf(rare)) pages.push(await measureFiltered(filter));
  const dead = await measureFiltered(DEAD);
  const few = await measureFiltered({
    path: `/deliveries?destination_id=${rarest.destination}`,
    says: "deliveries to a destination that had one in 100,000",
  });
  await gateway.stop();
  return {
    list_rows_read_per_row_shown: Math.max(...ratios),
    filtered_rows_read_per_page: Math.max(...pages.map(({ read }) => read)),
    filtered_ms_per_page: Math.max(...pages.map(({ ms }) => ms)),
    filtered_dead_rows_read: dead.read,
    few_deliveries_rows_read: few.read,
  };
}

/** Ingest in turn to a thousand integrations, beside ingest to one of them. @param {Bench} bench */
async function measureIntegrations(bench) {
  const gateway = await startGateway(bench);
  const ids = [];
  for (let index = 0; index < INTEGRATIONS; index++) {
    const token = `tok_${String(index).padStart(32, "0")}`;
    const auth = { type: "token", header: "pagertree-token", token };
    const { id } = await gateway.create("/integrations", { name: `Hook ${index}`, type: "catch", auth });
    ids.push({ id, token });
  }
  const requestsTo = (/** @type {{ id: string, token: string }[]} */ targets) =>
    buildRequests(INTEGRATIONS, (index) => {
      const { id, token } = targets[index % targets.length] ?? { id: "", token: "" };
      return { path: `/integration/${id}`, headers: { "pagertree-token": token }, body: catchBody(index) };
    });
  const [all, one] = [requestsTo(ids), requestsTo(ids.slice(0, 1))];
  const variant = (/** @type {import("../requests.mjs").Requests} */ requests) => async () => {
    await gateway.quiet();
    // Refresh the caches that last seconds first, so that each round measures a steady load.
    await send(bench, "ingest", gateway.port, requests, { count: 2 * INTEGRATIONS });
    return rateOf(await send(bench, "ingest", gateway.port, requests, { duration_ms: bench.plan.integrations_ms }));
  };
  const rates = await interleave(bench.plan.rounds, { all: variant(all), one: variant(one) });
  await gateway.stop();
  return { ingest_ratio_1000_integrations_to_1: medianRatio(rates.all, rates.one) };
}
