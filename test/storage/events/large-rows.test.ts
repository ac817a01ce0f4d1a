import { asShard } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { lowestIdAt } from "../../../src/model/ids.ts";
import {
  eachContent,
  readAggregates,
  readEvents,
  readOverdue,
  readPending,
  readPendingFor,
  readRecords,
  readSamples,
} from "../../../src/storage/events/log.ts";
import { appendEvents } from "../../../src/storage/pipeline/append.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { failedAttempt } from "../../support/deliveries.ts";
import { type Meter, emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import {
  createWorld,
  eventMessage,
  processBatch,
  processUntilDone,
  storedAlerts,
  storedEvents,
} from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

// A row of an event can have 2 MB, a result of D1 50 MB, and an isolate 128 MB.

const DESTINATION = "dst_0000000000000000000000000001";
const COUNT = 40;
const MAX_RESULT = 10_000_000;
const KEY = { namespace: "int_1", key: "disk" };
const ids = Array.from({ length: COUNT }, (_, index) => lowestIdAt("evt", Date.parse(AT) + index));
const ALL = { after: { rescue_at: 0, id: "" }, until: Number.MAX_SAFE_INTEGER };

let meter: Meter = emptyMeter();
let db = asShard(env.DB);

/** Makes a list of deliveries of some 300 KB. */
function longDeliveries(id: string) {
  const attempts = Array.from({ length: 130 }, () => ({ ...failedAttempt(AT), response_body: "x".repeat(2_048) }));
  return [deliveryTo(id, DESTINATION, { status: "pending", next_attempt_at: AT, attempts })];
}

beforeEach(async () => {
  meter = emptyMeter();
  db = asShard(meteredDatabase(meter));
  for (const [index, id] of ids.entries()) {
    const content = contentOf({ text: "y".repeat(100_000) });
    const row = { integration_id: "int_1", type: "alert.created", outcome: "created", content };
    await tables.events.insert({ ...row, id, rescue_at: 1_000 + index, deliveries: longDeliveries(id) });
  }
});

async function pages<T>(
  read: (after: { rescue_at: number; id: string }) => Promise<{ events: readonly T[]; next: typeof ALL.after | null }>,
): Promise<T[]> {
  const found: T[] = [];
  let after: typeof ALL.after | null = ALL.after;
  while (after !== null) {
    const { events, next } = await read(after);
    found.push(...events);
    after = next;
  }
  return found;
}

describe("events whose rows are large", () => {
  it("are read as many at a time as fit, and every one in the end", async () => {
    const seen: string[] = [];
    let left: readonly string[] = ids;
    while (left.length > 0) {
      const page = await readAggregates(db, left);
      expect(page.rows.length).toBeGreaterThan(0);
      seen.push(...page.rows.map(({ id }) => id));
      left = page.left;
    }
    expect(seen).toEqual(ids);
    expect(meter.largest).toBeLessThan(MAX_RESULT);
  });

  it("are recorded a part at a time", async () => {
    const records = await readRecords(db, ids);
    expect(records.length).toBeGreaterThan(10);
    expect(records.length).toBeLessThan(COUNT);
    expect(records.map(({ id }) => id)).toEqual(ids.slice(0, records.length));
    expect(meter.largest).toBeLessThan(MAX_RESULT);
  });

  it("are rescued, resumed and cancelled in pages", async () => {
    expect((await readOverdue(db, 10_000, 500)).length).toBeLessThan(COUNT);
    expect(await pages((after) => readPending(db, { ...ALL, after }, 500))).toHaveLength(COUNT);
    expect(await pages((after) => readPendingFor(db, DESTINATION, null, { ...ALL, after }))).toHaveLength(COUNT);
    expect(meter.largest).toBeLessThan(MAX_RESULT);
  });

  it("are read for corrections and fields in parts", async () => {
    const stores = { ...createWorld().context, shard: { ...createWorld().context.shard, db } };
    expect((await readEvents(stores, ids)).size).toBeLessThan(COUNT);
    const seen: string[] = [];
    for await (const { id } of eachContent(stores, ids)) seen.push(id);
    expect(seen).toEqual(ids);
    expect(meter.largest).toBeLessThan(MAX_RESULT);
  });

  it("of a long history are not read to append another one", async () => {
    await tables.alert_histories.insert({ ...KEY, log: Object.fromEntries(ids.map((id) => [id, "create"])) });
    const id = lowestIdAt("evt", Date.parse(AT) - 1);
    const history = { ...KEY, action: "create", urgency: null, whole: false } as const;
    const { recorded } = await appendEvents(
      db,
      [{ id, integration_id: "int_1", idempotency_keys: [], signed_key: null, history }],
      [],
    );
    expect(recorded.size).toBe(COUNT);
    expect(meter.largest).toBeLessThan(100_000);
  });

  it("of a long history are corrected in several rounds", async () => {
    const early = eventMessage("create", "disk");
    const id = lowestIdAt("evt", Date.parse(AT) - 1);
    const key = { namespace: "int_test", key: "disk" };
    await tables.alert_histories.insert({ ...key, log: Object.fromEntries(ids.map((each) => [each, "create"])) });
    const context = contextOf(createWorld({ DB: meteredDatabase(meter) }).context.env);
    await processUntilDone(context, [{ ...early, id, received_at: AT }]);
    const outcomes = (await storedEvents()).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["created", ...ids.map(() => "repeated")]);
    expect(meter.largest).toBeLessThan(MAX_RESULT);
  });
});

it("samples of an integration scan a bounded number of the events of others", async () => {
  const others = Array.from({ length: 3_000 }, (_, index) => ({
    id: lowestIdAt("evt", Date.parse(AT) + 10_000 + index * 100),
    integration_id: index % 10 === 0 ? "int_2" : "int_3",
    content: contentOf({ index }),
  }));
  await tables.events.insert(...others);
  meter = emptyMeter();
  const { context } = createWorld();
  const stores = { ...context, shard: { ...context.shard, db: asShard(meteredDatabase(meter)) } };
  expect(await readSamples(stores, "int_2", 25)).toHaveLength(25);
  meter.read = 0;
  expect((await readSamples(stores, "int_2", 25, 50)).length).toBeLessThan(10);
  expect(meter.read).toBeLessThan(200);
});

it("alerts of megabytes are read a part at a time, and all are acknowledged", async () => {
  meter = emptyMeter();
  const world = createWorld({ DB: meteredDatabase(meter) });
  const context = contextOf(world.context.env);
  const keys = Array.from({ length: 25 }, (_, index) => `key-${index}`);
  await tables.config_revision.update({}, { lone_alerts_from: Number.MAX_SAFE_INTEGER });
  context.caches.config.forget();
  for (const key of keys) await processBatch(context, [eventMessage("create", key)]);
  await tables.alerts.edit<{ description: string }>({}, "fields", (fields) => {
    return { ...fields, description: "x".repeat(500_000) };
  });
  const messages = keys.map((key) => eventMessage("acknowledge", key));
  expect((await processBatch(context, messages)).size).toBeGreaterThan(0);
  await processUntilDone(context, messages);
  expect((await storedAlerts()).map(({ status }) => status)).toEqual(keys.map(() => "acknowledged"));
  expect(meter.largest).toBeLessThan(MAX_RESULT);
});
