import { cpSync } from "node:fs";
import { startGateway } from "../gateway.mjs";
import { median, medianRatio, percentile } from "../numbers.mjs";
import { buildRequests, catchBody } from "../requests.mjs";
import { interleave, rateOf, send } from "../rounds.mjs";
import { findDatabase, seed } from "../seed.mjs";
import { flow, startDelivering } from "./end-to-end.mjs";

const FEW_EVENTS = 10_000;
const RARE_EVERY = 1_000;
const SPREAD_MS = 20 * 86_400_000;
const INTEGRATIONS = 1_000;
const LISTS = /** @type {const} */ (["events", "deliveries"]);

/** @typedef {import("../gateway.mjs").Bench} Bench */
/** @typedef {import("../gateway.mjs").Gateway} Gateway */

/** What gets slower as there is more of it. @param {Bench} bench */
export async function measureGrowth(bench) {
  return { ...(await measureLists(bench)), ...(await measureIntegrations(bench)) };
}

/** Two folders with databases of few and of many events, and what to filter by: an integration that one event in a thousand is of. @param {Bench} bench */
async function grow(bench) {
  const template = await startDelivering(bench, ["/common"]);
  await flow(bench, "a row to copy", template, { count: 1 });
  const integration = await template.create("/integrations", { name: "Rare", type: "catch" });
  const urls = [`http://127.0.0.1:${bench.receiver.port}/rare`];
  const [destination] = await template.connect(integration, urls);
  const rare = {
    port: template.port,
    path: `/integration/${integration.id}`,
    secrets: { "/rare": destination.signing_secret },
  };
  await flow(bench, "another row to copy", rare, { count: 1 });
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
    });
  }
  return { few, many: template.state, integration: integration.id, destination: destination.id };
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

/** What is asked of a list; what is rare matches one event in a thousand. @param {{ integration: string, destination: string }} rare */
function filtersOf({ integration, destination }) {
  return [
    { path: `/events?integration_id=${integration}`, says: "events of a rare integration" },
    { path: `/deliveries?integration_id=${integration}`, says: "deliveries of a rare integration" },
    { path: `/deliveries?destination_id=${destination}`, says: "deliveries to a rare destination" },
    { path: "/events?unrouted=true", says: "events that are unrouted, of which there are none" },
    { path: "/deliveries?status=pending", says: "deliveries that are pending, of which there are none" },
  ];
}

const DEAD = { path: "/deliveries?status=dead", says: "deliveries that are dead, of which there are none" };

/** @param {Bench} bench @param {{ many: string, integration: string, destination: string }} grown */
async function measureRowsRead(bench, { many, ...rare }) {
  const gateway = await startGateway(bench, { folder: many, metered: true });
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
  await gateway.stop();
  return {
    list_rows_read_per_row_shown: Math.max(...ratios),
    filtered_rows_read_per_page: Math.max(...pages.map(({ read }) => read)),
    filtered_ms_per_page: Math.max(...pages.map(({ ms }) => ms)),
    filtered_dead_rows_read: dead.read,
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
