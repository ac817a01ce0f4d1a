import { setTimeout as sleep } from "node:timers/promises";
import { PRICES, usdKeptPerMillion, usdPerMillion } from "../cost.mjs";
import { startGateway } from "../gateway.mjs";
import { median } from "../numbers.mjs";
import { findDatabase, seed } from "../seed.mjs";
import { flow, startDelivering } from "./end-to-end.mjs";
import { readSizes } from "./rows.mjs";

// What the log takes up in D1 and in R2, how fast it moves from one to the other, and how fast it is read there. Events that
// passed through the gateway are copied to a time before the hot window, and maintenance moves them.

const HOT_HOURS = 48;
const KEPT_DAYS = 30;
const DATABASE_BYTES = 10e9;
const HOUR_MS = 3_600_000;
/** The copies are so many seconds apart: closer than a gateway at its limit has them, so that segments are full. */
const EVERY_MS = 10;
/** Events that are copied. Copies of one event alone would compress better than those of many. */
const TEMPLATES = 200;
const MAX_RUNS = 600;
/** Moving goes on through the queue, so that maintenance needs to begin it only once, unless a message is lost. */
const MAINTENANCE_EVERY = 50;
/** One run counts some 220,000 events. */
const COUNTING_RUNS = 3;
const READS = 40;
const PAGE = 50;

/** @typedef {import("../gateway.mjs").Bench} Bench */
/** @typedef {import("../gateway.mjs").Gateway} Gateway */

/**
 * @typedef {object} Cold
 * @property {number} hot_bytes of D1, of an event in the hot window
 * @property {number} cold_bytes of R2, of an event in a segment
 * @property {number} index_bytes of D1, of an event in a segment
 * @property {number} puts objects written for an event
 * @property {import("../gateway.mjs").Meter} move what it took to move an event
 * @property {number} moved_per_second
 * @property {number} read_ms one event
 * @property {number} page_ms a page of fifty events
 */

/** @type {WeakMap<Bench, Promise<Cold>>} */
const measured = new WeakMap();

/** Two sections show parts of one measurement. @param {Bench} bench @returns {Promise<Cold>} */
function cold(bench) {
  const known = measured.get(bench) ?? measure(bench);
  measured.set(bench, known);
  return known;
}

/** What lies in segments. @param {Gateway} gateway */
async function readSegments(gateway) {
  const db = await gateway.miniflare.getD1Database("DB");
  /** @type {{ results: { events: number, bytes: number, created_at: string }[] }} */
  const { results } = await db.prepare("SELECT events, bytes, created_at FROM segments ORDER BY created_at").all();
  const sum = (/** @type {"events" | "bytes"} */ name) => results.reduce((total, each) => total + each[name], 0);
  return { segments: results, events: sum("events"), bytes: sum("bytes") };
}

/** Maintenance counts events before they move. @param {Bench} bench @param {string} folder */
async function countAll(bench, folder) {
  const gateway = await startGateway(bench, { folder });
  for (let run = 0; run < COUNTING_RUNS; run++) await gateway.runMaintenance();
  await gateway.stop();
}

/** Runs maintenance until all of these events are in segments. @param {Gateway} gateway @param {number} count */
async function moveAll(gateway, count) {
  for (let run = 0; run < MAX_RUNS; run++) {
    if (run % MAINTENANCE_EVERY === 0) await gateway.runMaintenance();
    const found = await readSegments(gateway);
    if (found.events >= count) return found;
    await sleep(200);
  }
  throw new Error(`Not all of ${count} events moved to segments.`);
}

/** The events that moved in a second, from the first segment to the last. @param {{ events: number, created_at: string }[]} segments */
export function movedPerSecond(segments) {
  const [first, ...others] = segments;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return NaN;
  const seconds = (Date.parse(last.created_at) - Date.parse(first.created_at)) / 1_000;
  return others.reduce((total, { events }) => total + events, 0) / seconds;
}

/** @param {Bench} bench @returns {Promise<Cold>} */
async function measure(bench) {
  const count = bench.plan.cold_events;
  const template = await startDelivering(bench, ["/cold"]);
  await flow(bench, "events to copy", template, { count: TEMPLATES });
  await template.quiet();
  await template.stop();
  const file = findDatabase(template.state);
  const before = readSizes(file);
  const from_ms = Date.now() - (HOT_HOURS + 12) * HOUR_MS;
  seed(file, { count, from_ms, every_ms: EVERY_MS, templates: TEMPLATES });
  const hot_bytes = (readSizes(file).bytes - before.bytes) / count;

  await countAll(bench, template.state);
  const bindings = { HOT_HOURS: String(HOT_HOURS) };
  const gateway = await startGateway(bench, { folder: template.state, consumers: true, metered: true, bindings });
  await gateway.meter();
  const moved = await moveAll(gateway, count);
  const move = await gateway.meter();

  const before_ms = encodeURIComponent(new Date(from_ms + (count * EVERY_MS) / 2).toISOString());
  const page = `/api/v1/events?limit=${PAGE}&to=${before_ms}`;
  /** @type {{ data: { id: string }[] }} */
  const { data } = await gateway.read(page);
  if (data.length !== PAGE) bench.fail(`A page of events in segments had ${data.length} rows`);
  const timed = async (/** @type {string} */ path) => {
    const began = performance.now();
    await gateway.read(path);
    return performance.now() - began;
  };
  const reads = [];
  const pages = [];
  for (let read = 0; read < READS; read++) {
    reads.push(await timed(`/api/v1/events/${data[read % data.length]?.id}`));
    pages.push(await timed(page));
  }
  await gateway.meter();
  await gateway.read(page);
  const { d1_queries, r2_operations } = await gateway.meter();
  await gateway.stop();
  const index = readSizes(file).tables.get("segments") ?? 0;
  bench.note(
    `${moved.events} events moved to ${moved.segments.length} segments. A cold page takes ${d1_queries} queries of D1 and ${r2_operations} reads of R2.`,
  );
  return {
    hot_bytes,
    cold_bytes: moved.bytes / moved.events,
    index_bytes: index / moved.events,
    puts: moved.segments.length / moved.events,
    move: /** @type {import("../gateway.mjs").Meter} */ (
      Object.fromEntries(Object.entries(move).map(([name, used]) => [name, used / moved.events]))
    ),
    moved_per_second: movedPerSecond(moved.segments),
    read_ms: median(reads),
    page_ms: median(pages),
  };
}

/** The part of the section `cost`. @param {Bench} bench */
export async function measureKept(bench) {
  const { hot_bytes, cold_bytes, index_bytes, puts, move } = await cold(bench);
  const hot_share = HOT_HOURS / 24 / KEPT_DAYS;
  const moved = usdPerMillion({
    worker_requests: move.batches,
    cpu_ms: 0,
    queue_operations: move.queue_operations,
    d1_rows_read: move.rows_read,
    d1_rows_written: move.rows_written,
  });
  const usd_moved = moved.total + puts * PRICES.r2_writes_per_million;
  bench.note(
    `To move an event, ${move.rows_written.toFixed(4)} rows are written, ${move.rows_read.toFixed(2)} are read, and ${puts.toFixed(5)} objects are written.`,
  );
  return {
    usd_per_million_events_moved: usd_moved,
    bytes_per_event_hot: hot_bytes,
    bytes_per_event_cold: cold_bytes,
    usd_per_million_events_kept_for_a_month: usdKeptPerMillion({
      d1_bytes: hot_bytes * hot_share + index_bytes * (1 - hot_share),
      r2_bytes: cold_bytes * (1 - hot_share),
      r2_puts: puts,
    }),
  };
}

/** The part of the section `growth`. @param {Bench} bench */
export async function measureCold(bench) {
  const { hot_bytes, index_bytes, moved_per_second, read_ms, page_ms } = await cold(bench);
  const hotSeconds = HOT_HOURS * 3_600;
  const coldSeconds = KEPT_DAYS * 86_400 - hotSeconds;
  const fitting = DATABASE_BYTES / (hot_bytes * hotSeconds + index_bytes * coldSeconds);
  return {
    sustained_events_per_second_one_shard_30_days: Math.min(fitting, moved_per_second),
    segments_events_per_second: moved_per_second,
    read_cold_event_ms: read_ms,
    list_cold_page_ms: page_ms,
  };
}
