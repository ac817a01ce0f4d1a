import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { PRICES, queueOperations, usdKeptPerMillion, usdPerMillion } from "../../scripts/bench/cost.mjs";
import { startHelper } from "../../scripts/bench/helper.mjs";
import { readResponse } from "../../scripts/bench/http-response.mjs";
import { METRICS, missingFigures, sections } from "../../scripts/bench/metrics.mjs";
import { median, medianRatio, percentile, rounded } from "../../scripts/bench/numbers.mjs";
import { UsageError, readOptions } from "../../scripts/bench/options.mjs";
import { shownFigures } from "../../scripts/bench/report.mjs";
import { buildRequests, catchBody, pagertreeCreate } from "../../scripts/bench/requests.mjs";
import { interleave } from "../../scripts/bench/rounds.mjs";
import { movedPerSecond } from "../../scripts/bench/sections/cold.mjs";
import { readColumns, readSizes } from "../../scripts/bench/sections/rows.mjs";
import { fillable, seed } from "../../scripts/bench/seed.mjs";
import { runs } from "../support/runs.ts";

test("medians and percentiles are those of the values in order, and nothing has neither", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(percentile([10, 20, 30, 40, 50], 0)).toBe(10);
  expect(percentile([10, 20, 30, 40, 50], 95)).toBeCloseTo(48);
  expect(percentile([10, 20, 30, 40, 50], 100)).toBe(50);
  expect(() => median([])).toThrow("no values");
});

test("a ratio is taken round by round before the median", () => {
  expect(medianRatio([1, 20, 9], [2, 10, 10])).toBe(0.9);
  expect(() => medianRatio([1], [1, 2])).toThrow("both");
});

test("figures are shown with four digits, and from a thousand on as whole numbers", () => {
  expect([0.123456, 12.3456, 999.96, 1234.5, 0].map(rounded)).toEqual([0.1235, 12.35, 1000, 1235, 0]);
});

test("a million events cost the sum of what each uses", () => {
  const usage = { worker_requests: 2, cpu_ms: 5, queue_operations: 3, d1_rows_read: 10, d1_rows_written: 2 };
  const { parts, total } = usdPerMillion(usage);
  expect(parts.queue_operations).toBeCloseTo(1.2);
  expect(parts.d1_rows_written).toBeCloseTo(2);
  expect(total).toBeCloseTo(0.6 + 0.1 + 1.2 + 0.01 + 2);
  expect(usdKeptPerMillion({ d1_bytes: 1_000, r2_bytes: 0, r2_puts: 0 })).toBeCloseTo(PRICES.d1_gb_month);
  expect(usdKeptPerMillion({ d1_bytes: 0, r2_bytes: 1_000, r2_puts: 0.001 })).toBeCloseTo(PRICES.r2_gb_month + 0.0045);
});

test("the rate of the move counts from the end of the first segment", () => {
  const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
  const segments = [0, 4, 10].map((seconds) => ({ events: 500, created_at: at(seconds) }));
  expect(movedPerSecond(segments)).toBe(100);
  expect(movedPerSecond(segments.slice(0, 1))).toBeNaN();
});

test("a message counts once for each 64 KB that it is begun with, its metadata included", () => {
  expect([0, 1_000, 63_900, 63_901, 127_900, 127_901].map(queueOperations)).toEqual([1, 1, 1, 2, 2, 3]);
});

test("a figure that is missing or no number is found, in the sections that ran", () => {
  const whole = Object.fromEntries(
    sections().map((section) => [section, Object.fromEntries(Object.keys(METRICS[section]).map((name) => [name, 1]))]),
  );
  expect(missingFigures(whole, sections())).toEqual([]);
  const bundle = { ingest_gzip_kb: 1, gzip_kb: Number.NaN };
  expect(missingFigures({ bundle }, ["bundle"])).toEqual(["bundle.gzip_kb", "bundle.startup_ratio_to_bare_hono"]);
  expect(shownFigures({ bundle })).toEqual({ bundle: { ingest_gzip_kb: 1, gzip_kb: null } });
});

test("the figures have the names that the JSON line promises", () => {
  expect(sections()).toEqual([
    "ingest",
    "end_to_end",
    "cost",
    "rows",
    "growth",
    "log",
    "bundle",
    "signing",
    "hostile",
    "transformations",
  ]);
  expect(Object.keys(METRICS.ingest)).toEqual([
    "rps",
    "floor_rps",
    "ratio_to_floor",
    "ratio_to_batching_floor",
    "signed_ratio_to_floor",
    "outbox_ratio_to_floor",
    "with_consumer_ratio_to_floor",
    "p50_ms_one_connection",
  ]);
  expect(Object.keys(METRICS.end_to_end)).toEqual(
    expect.arrayContaining([
      "deliveries_per_second",
      "throughput_ratio_to_floor",
      "p50_ms_at_10_per_second",
      "p95_ms_at_10_per_second",
      "p50_ratio_to_floor_at_10_per_second",
      "healthy_p95_ratio_beside_a_hanging_destination",
      "fan_out_5_deliveries_per_second",
    ]),
  );
  expect(Object.keys(METRICS.cost)).toEqual(
    expect.arrayContaining([
      "d1_rows_written_per_event",
      "d1_rows_read_per_event",
      "queue_operations_per_event",
      "cpu_ms_per_event",
      "usd_per_million_events",
      "usd_per_million_events_with_retention",
      "pagertree_rows_written_per_event",
      "bytes_per_event_hot",
      "bytes_per_event_cold",
      "usd_per_million_events_kept_for_a_month",
    ]),
  );
  expect(Object.keys(METRICS.growth)).toEqual([
    "list_p95_ratio_1m_to_10k",
    "list_rows_read_per_row_shown",
    "filtered_rows_read_per_page",
    "filtered_ms_per_page",
    "filtered_dead_rows_read",
    "few_deliveries_rows_read",
    "ingest_ratio_1000_integrations_to_1",
    "sustained_events_per_second_one_shard_30_days",
    "segments_events_per_second",
    "read_cold_event_ms",
    "list_cold_page_ms",
  ]);
  expect(Object.keys(METRICS.transformations)).toEqual([
    "deliveries_per_second",
    "deliveries_per_second_without",
    "ratio_to_none",
    "npm_start_deliveries_per_second",
    "npm_start_ratio_to_none",
  ]);
  expect(Object.keys(METRICS.bundle)).toEqual(["ingest_gzip_kb", "gzip_kb", "startup_ratio_to_bare_hono"]);
});

test("sections can be chosen, and one that does not exist is refused", () => {
  expect(readOptions(["--only", "signing, ingest"]).only).toEqual(["ingest", "signing"]);
  expect(readOptions([]).only).toEqual(sections());
  expect(() => readOptions(["--only", "nothing"])).toThrow(UsageError);
  expect(() => readOptions(["--fast"])).toThrow(UsageError);
  expect(readOptions(["--log-events", "20000", "--batch-timeout", "0"])).toMatchObject({
    plan: { log_events: 20_000 },
    batch_timeout: 0,
  });
  expect(() => readOptions(["--log-events", "many"])).toThrow(UsageError);
  expect(() => readOptions(["--batch-timeout", "61"])).toThrow(UsageError);
  expect(readOptions(["--quick"]).plan.many_events).toBeLessThan(readOptions([]).plan.many_events);
});

test("a response is complete exactly when all of its bytes are there", () => {
  const bodies = fc.string({ maxLength: 50 });
  fc.assert(
    fc.property(bodies, fc.integer({ min: 200, max: 599 }), (body, status) => {
      const length = Buffer.byteLength(body);
      const bytes = Buffer.from(`HTTP/1.1 ${status} Some\r\nContent-Length: ${length}\r\nX: y\r\n\r\n${body}`);
      expect(readResponse(bytes)).toMatchObject({ status, keepAlive: true, body: Buffer.from(body) });
      for (let cut = 0; cut < bytes.length; cut++) expect(readResponse(bytes.subarray(0, cut))).toBeNull();
    }),
    { numRuns: runs(150) },
  );
  const chunked = Buffer.from(
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n2\r\nok\r\n0\r\n\r\n",
  );
  expect(readResponse(chunked)).toMatchObject({ status: 200, keepAlive: false });
  expect(readResponse(chunked.subarray(0, -2))).toBeNull();
});

test("requests that are not of one length are refused", () => {
  expect(buildRequests(100, (index) => ({ path: "/", body: catchBody(index) })).bytes.length % 100).toBe(0);
  expect(buildRequests(100, (index) => ({ path: "/", body: pagertreeCreate(index) })).bytes.length % 100).toBe(0);
  expect(() => buildRequests(11, (index) => ({ path: "/", body: String(index) }))).toThrow("one length");
});

test("variants take turns, and every other round goes backwards", async () => {
  const order: string[] = [];
  const variant = (name: string) => async (round: number) => order.push(`${name}${round}`);
  await interleave(3, { a: variant("a"), b: variant("b") });
  expect(order).toEqual(["a0", "b0", "b1", "a1", "a2", "b2"]);
});

test("the load generator counts what is not answered 2xx, or not at all, as failed", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/cut") request.socket.destroy();
    else response.writeHead(request.url === "/bad" ? 500 : 200).end('{"id":"evt_1"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const load = await startHelper("load.mjs");
  onTestFinished(async () => {
    await load.stop();
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const paths = ["/god", "/bad", "/cut"];
  const requests = buildRequests(3, (index) => ({ path: paths[index] ?? "", body: "{}" }));
  const done = await load.ask({ port, ...requests, connections: 2, count: 30, keep_ids: true });
  expect(done).toMatchObject({ answered: 10, failed: 20, faults: { 500: 10, 0: 10 } });
  expect(done.ids).toEqual(Array.from({ length: 10 }, () => "evt_1"));
  expect(done.sent_at).toHaveLength(30);
});

test("an event is copied with every row that names it, under another id and at another time", () => {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-seed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "seed.sqlite");
  const time = "2026-11-20T10:00:00.000Z";
  const id = "0".repeat(28);
  const db = new DatabaseSync(file);
  db.exec(
    "CREATE TABLE events (id TEXT PRIMARY KEY, received_at TEXT, at INTEGER, deliveries TEXT, added TEXT DEFAULT 'x')",
  );
  db.exec("CREATE TABLE others (delivery TEXT); CREATE TABLE unrelated (name TEXT)");
  db.exec("CREATE TABLE rollups (hour INTEGER); CREATE TABLE maintenance_tasks (task TEXT)");
  db.exec("INSERT INTO rollups VALUES (1); INSERT INTO maintenance_tasks VALUES ('rollup'), ('other')");
  const deliveries = JSON.stringify([{ id: `dlv_${id}abc`, created_at: time }]);
  db.prepare("INSERT INTO events (id, received_at, at, deliveries) VALUES (?, ?, ?, ?)").run(
    `evt_${id}`,
    time,
    Date.parse(time),
    deliveries,
  );
  db.prepare("INSERT INTO others VALUES (?)").run(`dlv_${id}abc`);
  db.prepare("INSERT INTO unrelated VALUES ('one')").run();
  db.close();

  const from_ms = Date.parse("2026-10-01T00:00:00.000Z");
  seed(file, { count: 3, from_ms, every_ms: 1_000 });
  const seeded = new DatabaseSync(file);
  onTestFinished(() => seeded.close());
  const rows = seeded.prepare("SELECT * FROM events WHERE id <> ? ORDER BY received_at").all(`evt_${id}`);
  expect(rows).toHaveLength(3);
  for (const [index, row] of rows.entries()) {
    const at = from_ms + index * 1_000;
    const newTime = new Date(at).toISOString();
    const delivery = { id: `${String(row["id"]).replace("evt_", "dlv_")}abc`, created_at: newTime };
    expect(row).toMatchObject({ received_at: newTime, at, added: "x", deliveries: JSON.stringify([delivery]) });
  }
  expect(seeded.prepare("SELECT COUNT(*) AS n FROM others").get()).toEqual({ n: 4 });
  expect(seeded.prepare("SELECT COUNT(*) AS n FROM unrelated").get()).toEqual({ n: 1 });
  // Maintenance counts all events anew.
  expect(seeded.prepare("SELECT COUNT(*) AS n FROM rollups").get()).toEqual({ n: 0 });
  expect(seeded.prepare("SELECT task FROM maintenance_tasks").all()).toEqual([{ task: "other" }]);
});

test("a text is filled wherever the id or the time stood", () => {
  expect(fillable("a-ID-b-TIME-ID", "ID", "TIME")("1", "2")).toBe("a-1-b-2-1");
});

test("the sizes of tables and columns are those of the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-rows-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "rows.sqlite");
  const db = new DatabaseSync(file);
  db.exec("PRAGMA page_size = 4096; CREATE TABLE events (id TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID");
  const empty = readSizes(file);
  const add = db.prepare("INSERT INTO events VALUES (?, ?)");
  for (let index = 0; index < 100; index++) add.run(`evt_${String(index).padStart(3, "0")}`, "x".repeat(2_000));
  db.close();
  const full = readSizes(file);
  const page = 4_096;
  // A row above some 1,000 bytes has a page of its own.
  expect((full.tables.get("events") ?? 0) - (empty.tables.get("events") ?? 0)).toBeGreaterThanOrEqual(100 * page);
  expect(full.bytes - empty.bytes).toBe((full.tables.get("events") ?? 0) - (empty.tables.get("events") ?? 0));
  expect(readColumns(file, 50)).toEqual(
    new Map([
      ["id", 7],
      ["content", 2_000],
    ]),
  );
});
