import { startGateway } from "../gateway.mjs";
import { median } from "../numbers.mjs";
import { findDatabase, seed } from "../seed.mjs";
import { seedCold, writeSegmentRows } from "../seed-cold.mjs";
import { flow, startDelivering } from "./end-to-end.mjs";
import { rareOf } from "./growth.mjs";

// A long log, most of which is in segments: how long lists, filters, replays and erasures take. Events that passed through the gateway are
// copied, into the database and, encoded by the gateway's own code, into segments.

const HOT_HOURS = 48;
const DAY_MS = 86_400_000;
/** The share of the events that lies in D1, and the days that the others are spread over. */
const HOT_SHARE = 0.05;
const COLD_DAYS = 27;
const RARE_EVERY = 1_000;
const TEMPLATES = 200;
/** The longest time that writing to segments may take. Then there are fewer events. A million take minutes, ten millions most of an hour. */
const MAX_WRITING_MS = 3_600_000;
const REPEATS = 5;
const PAGE = 50;
const MAX_RUNS = 60;

/** @typedef {import("../gateway.mjs").Bench} Bench */
/** @typedef {import("../gateway.mjs").Gateway} Gateway */

/** Writes the log. Returns the gateway's folder, and what is in it. @param {Bench} bench */
async function write(bench) {
  const template = await startDelivering(bench, ["/log"]);
  await flow(bench, "events to copy", template, { count: TEMPLATES });
  const rare = await rareOf(bench, template, "rare");
  await template.quiet();
  const count = Math.round(bench.plan.log_events * (1 - HOT_SHARE));
  const now = Date.now();
  const span = COLD_DAYS * DAY_MS;
  const from_ms = now - HOT_HOURS * 3_600_000 - span;
  const times = { count, from_ms, every_ms: span / count, rare: rare.integration, rare_every: RARE_EVERY };
  const began = performance.now();
  const written = await seedCold(template, { ...times, until_ms: now + MAX_WRITING_MS });
  const seconds = (performance.now() - began) / 1_000;
  await template.stop();
  writeSegmentRows(findDatabase(template.state), written);
  const cold = {
    events: written.reduce((sum, { row }) => sum + row.events, 0),
    bytes: written.reduce((sum, { size }) => sum + size, 0),
  };
  const hot = Math.round(bench.plan.log_events * HOT_SHARE);
  const hotSpan = HOT_HOURS * 3_600_000 - 600_000;
  seed(findDatabase(template.state), {
    count: hot,
    from_ms: now - hotSpan - 300_000,
    every_ms: hotSpan / hot,
    templates: TEMPLATES,
    keeps_counts: true,
  });
  bench.note(
    `A long log: ${cold.events.toLocaleString("en")} events in segments, written in ${seconds.toFixed(0)} s, ${hot.toLocaleString("en")} in D1.`,
  );
  return { state: template.state, rare, cold, hot, secrets: template.secrets, from_ms, span };
}

/** Runs maintenance until so many deliveries are counted, and the counts match. @param {Gateway} gateway @param {number} deliveries */
async function countAll(gateway, deliveries) {
  for (let run = 0; run < MAX_RUNS; run++) {
    // On a busy machine, the connection to the runtime can break between two runs. Then there is another run.
    await gateway.runMaintenance().catch((/** @type {unknown} */ error) => {
      if (!(error instanceof Error && error.message === "fetch failed")) throw error;
    });
    const { balanced, accepted } = await gateway.read("/api/v1/reconciliation");
    if (balanced && accepted >= deliveries) return;
  }
  throw new Error("The counts of a long log do not match.");
}

/** Lists and filters at the middle of the cold part. @param {{ integration: string, destination: string }} rare @param {string} middle */
function pagesOf({ integration, destination }, middle) {
  return [
    { path: `/events?to=${middle}`, says: "events of the middle" },
    { path: `/deliveries?to=${middle}`, says: "deliveries of the middle" },
    { path: `/events?to=${middle}&integration_id=${integration}`, says: "events of a rare integration" },
    { path: `/deliveries?to=${middle}&destination_id=${destination}`, says: "deliveries to a rare destination" },
    { path: `/events?to=${middle}&type=alert.created`, says: "events of a type, without a match" },
    { path: `/deliveries?to=${middle}&status=dead`, says: "dead deliveries, without a match" },
    { path: `/events?to=${middle}&q=nowhere`, says: "events with a word that is in none" },
  ];
}

/** @param {Bench} bench */
export async function measureLog(bench) {
  const { state, rare, cold, hot, from_ms, span } = await write(bench);
  const bindings = { HOT_HOURS: String(HOT_HOURS), RETENTION_DAYS: "365" };
  const gateway = await startGateway(bench, { folder: state, consumers: true, metered: true, bindings });
  await countAll(gateway, cold.events + hot);

  const timed = async (/** @type {() => Promise<any>} */ work) => {
    await gateway.meter();
    const began = performance.now();
    const answer = await work();
    const ms = performance.now() - began;
    const { d1_queries, r2_operations, subrequests } = await gateway.meter();
    return { answer, ms, calls: subrequests, says: `${d1_queries} queries of D1 and ${r2_operations} calls of R2` };
  };
  const page = async (/** @type {{ path: string, says: string }} */ { path, says }) => {
    const separator = path.includes("?") ? "&" : "?";
    const runs = [];
    for (let run = 0; run < REPEATS; run++)
      runs.push(await timed(() => gateway.read(`/api/v1${path}${separator}limit=${PAGE}`)));
    const [first] = runs;
    const ms = median(runs.map((run) => run.ms));
    const calls = Math.max(...runs.map((run) => run.calls));
    bench.note(
      `A long log, a page of ${says}: ${first?.answer.data.length} shown; ${ms.toFixed(1)} ms (first ${first?.ms.toFixed(1)}), at first ${first?.says}.`,
    );
    return { ms, calls, data: first?.answer.data ?? [] };
  };
  const newest = await page({ path: "/events", says: "the newest events" });
  const middle = encodeURIComponent(new Date(from_ms + span / 2).toISOString());
  const pages = [];
  for (const each of pagesOf(rare, middle)) pages.push(await page(each));
  const [coldPage, , rarePage] = pages;
  const ids = (coldPage?.data ?? []).map((/** @type {{ id: string }} */ { id }) => id);
  if (ids.length !== PAGE || rarePage?.data.length === 0) bench.fail("A page of a long log is not full");

  const each = async (
    /** @type {string} */ says,
    /** @type {(id: string) => Promise<any>} */ work,
    /** @type {number} */ from,
  ) => {
    const runs = [];
    for (let run = 0; run < REPEATS; run++) runs.push(await timed(() => work(ids[from + run])));
    bench.note(`A long log, ${says}: at first ${runs[0]?.says}.`);
    return median(runs.map(({ ms }) => ms));
  };
  const read_cold_ms = await each("an event is read", (id) => gateway.read(`/api/v1/events/${id}`), 0);
  const replay_cold_ms = await each("an event is replayed", (id) => gateway.create(`/events/${id}/replay`, {}), 10);
  const erase_cold_ms = await each("an event is erased", (id) => gateway.create(`/events/${id}/erase`, {}), 20);
  const erased = await gateway.read(`/api/v1/events/${ids[20]}`);
  if (erased.note !== "erased") bench.fail("An event of a long log is not erased");
  const day = { from: new Date(from_ms).toISOString(), to: new Date(from_ms + DAY_MS).toISOString() };
  const counted = await timed(() =>
    gateway.create("/replays", {
      filter: { ...day, status: ["delivered"], integration_id: rare.integration },
      dry_run: true,
    }),
  );
  bench.note(
    `A long log, replays of a day of a rare integration are counted: ${counted.answer.count}, ${counted.ms.toFixed(0)} ms.`,
  );
  await countAll(gateway, cold.events + hot);
  await gateway.stop();
  return {
    events: cold.events + hot,
    objects_gb: cold.bytes / 1e9,
    list_newest_ms: newest.ms,
    list_cold_ms: coldPage?.ms ?? NaN,
    filtered_cold_ms: Math.max(...pages.slice(2).map(({ ms }) => ms)),
    calls_of_a_cold_page: Math.max(...pages.map(({ calls }) => calls)),
    read_cold_ms,
    replay_cold_ms,
    erase_cold_ms,
    count_replays_ms: counted.ms,
  };
}
