import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { contextOf } from "../../src/context.ts";
import { rollups } from "../../src/maintenance/rollups.ts";
import { series } from "../../src/maintenance/series.ts";
import type { EventMessage } from "../../src/model/event.ts";
import { createIdMinter } from "../../src/model/ids.ts";
import { type SeriesCounts, type Tally, addSeries, boundSeries, seriesOf } from "../../src/model/series.ts";
import { asShard } from "../../src/platform/shards.ts";
import { readLatest } from "../../src/storage/maintenance/series.ts";
import { packCounts, unpackCounts } from "../../src/storage/maintenance/packed-counts.ts";
import { client, createIntegration } from "../support/api.ts";
import { consumeQueued } from "../support/deliveries.ts";
import { atTime } from "../support/maintenance.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { tables } from "../support/tables.ts";
import { type World, createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../support/world.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: World = createWorld();
let integrationId = "";
const statuses = new Map<string, number>();

beforeEach(async () => {
  statuses.clear();
  vi.spyOn(console, "warn").mockImplementation(() => {});
  world = createWorld();
  fakeOutside(({ url }) => {
    const id = [FIRST, SECOND].find((each) => url.endsWith(each)) ?? "";
    return new Response("", { status: statuses.get(id) ?? 200 });
  });
  await insertRouted(FIRST, SECOND);
  integrationId = (await createIntegration({ name: "Night watch" })).id;
});

/** An event that is received now, or so many ms ago. */
function arrival(agoMs = 0): EventMessage {
  const mint = createIdMinter(
    () => world.context.clock() - agoMs,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  );
  const { id, at_ms } = mint("evt");
  const received_at = new Date(at_ms).toISOString();
  return { ...eventMessage("create", crypto.randomUUID()), id, integration_id: integrationId, received_at };
}

async function arrive(count: number, agoMs = 0): Promise<void> {
  await processBatch(
    world.context,
    Array.from({ length: count }, () => arrival(agoMs)),
  );
}

async function maintain(times = 1): Promise<void> {
  const context = atTime(contextOf(world.context.env), world.context.clock());
  for (let run = 0; run < times; run++) {
    await rollups.run(context, rollups.max_calls);
    await series.run(context, series.max_calls);
  }
}

/** Everything that was ever counted, without the classes of latency. */
async function totals(): Promise<SeriesCounts> {
  const { state, tallies } = await readLatest(asShard(env.DB));
  const kept = tallies.filter(([kind, , id]) => (kind === "a") === id.startsWith("int_"));
  return addSeries([state.totals, seriesOf(kept.map(([a, b, c, d, , n]): Tally => [a, b, c, d, null, n]))]);
}

async function sums(
  measure: "accepted" | "delivered" | "failed" | "attempts",
  group_by: "integration" | "destination" | "none",
) {
  const { series: found } = unwrap(await client.metrics.get({ measure, group_by, step: "day" }));
  const sum = (points: readonly unknown[]): number =>
    points.reduce<number>((total, point) => total + Number(Array.isArray(point) ? point[1] : 0), 0);
  return Object.fromEntries(found.map(({ group, points }) => [group?.id ?? "", sum(points)]));
}

describe("the counts of charts", () => {
  it("are there at once, and are the same once maintenance has counted them, however often it runs", async () => {
    statuses.set(SECOND, 503);
    await arrive(3);
    const expected = {
      [integrationId]: { a: 3 },
      [FIRST]: { f: { delivered: 3 }, t: { "2xx": 3 } },
      [SECOND]: { t: { "5xx": 1 } },
    };
    const now = await totals();
    expect(now).toMatchObject({ [integrationId]: { a: 3 }, [FIRST]: { f: { delivered: 3 }, t: { "2xx": 3 } } });
    expect(Object.keys(now[SECOND]?.t ?? {})).toEqual(Object.keys(expected[SECOND]?.t ?? {}));
    world.pass(2 * MINUTE);
    await maintain(3);
    expect(await totals()).toEqual(now);
    expect(await tables.series_parts.count()).toBe(0);
    expect(await sums("accepted", "integration")).toEqual({ [integrationId]: 3 });
    expect(await sums("delivered", "destination")).toMatchObject({ [FIRST]: 3 });
    expect(await sums("delivered", "integration")).toEqual({ [integrationId]: 3 });
    expect(await sums("accepted", "none")).toEqual({ "": 3 });
  });

  it("count retries before and after the pass of the rollups once", async () => {
    await tables.destinations.update({}, { retry_schedule: [1, 1, 1] });
    contextOf(env).caches.config.forget();
    statuses.set(FIRST, 500);
    statuses.set(SECOND, 500);
    await arrive(1);
    world.pass(10_000);
    await consumeQueued(world);
    world.pass(2 * MINUTE);
    await maintain();
    for (let round = 0; round < 4; round++) {
      world.pass(30_000);
      await consumeQueued(world);
    }
    expect(await tables.series_parts.count()).toBeGreaterThan(0);
    const before = await totals();
    await maintain(2);
    expect(await totals()).toEqual(before);
    for (const id of [FIRST, SECOND]) expect(before[id]).toEqual({ f: { dead: 1 }, t: { "5xx": 4 } });
    expect(await sums("failed", "none")).toEqual({ "": 2 });
    expect(await sums("attempts", "none")).toEqual({ "": 8 });
  });

  it("count a late event once, in the minute in which it was received", async () => {
    await arrive(1);
    world.pass(10 * MINUTE);
    await maintain();
    await arrive(2, 5 * MINUTE);
    expect((await totals())[integrationId]).toEqual({ a: 3 });
    await maintain(2);
    expect((await totals())[integrationId]).toEqual({ a: 3 });
    const minutes = await tables.series.all<{ at: number }>({ step: "minute" });
    expect(minutes.map(({ at }) => at)).toContain(Math.floor((world.context.clock() - 5 * MINUTE) / MINUTE));
  });

  it("outlive their events, and become rows of hours and of days", async () => {
    await arrive(2);
    world.pass(2 * MINUTE);
    await maintain();
    const before = await totals();
    await tables.events.delete();
    world.pass(27 * HOUR);
    await maintain();
    expect((await tables.series.all()).map(({ step }) => step)).toEqual(["hour", "total"]);
    world.pass(32 * DAY);
    await maintain();
    expect((await tables.series.all()).map(({ step }) => step)).toEqual(["day", "total"]);
    expect(await totals()).toEqual(before);
    await arrive(1, 40 * DAY);
    await maintain();
    // The event counts in its day, its deliveries in the minute in which they were made.
    expect((await tables.series.all()).map(({ step }) => step)).toEqual(["day", "day", "minute", "total"]);
  });

  it("are stored once by runs at the same time", async () => {
    await arrive(5);
    world.pass(2 * MINUTE);
    await rollups.run(atTime(contextOf(env), world.context.clock()), 90);
    const before = await totals();
    await Promise.all(Array.from({ length: 4 }, () => series.run(atTime(contextOf(env), world.context.clock()), 30)));
    expect(await totals()).toEqual(before);
    expect(await tables.series_parts.count()).toBe(0);
  });

  it("cost five rows for a minute in which something happened, and none for others", async () => {
    const meter = emptyMeter();
    const context = contextOf({ ...world.context.env, DB: meteredDatabase(meter) });
    await arrive(20);
    world.pass(2 * MINUTE);
    await rollups.run(atTime(context, world.context.clock()), 90);
    meter.written = 0;
    await series.run(atTime(context, world.context.clock()), 30);
    // The part, and with it one row of the pass; those of one or two minutes; the totals.
    expect(meter.written).toBeLessThanOrEqual(4);
    meter.written = 0;
    await series.run(atTime(context, world.context.clock()), 30);
    expect(meter.written).toBe(0);
  });
});

describe("a row", () => {
  const many = (count: number): SeriesCounts =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`dst_${index}`, { t: { "2xx": index + 1 } }]));

  it("keeps the busiest destinations, and adds up the others", () => {
    const bounded = boundSeries(many(600), 500);
    expect(Object.keys(bounded)).toHaveLength(501);
    expect(bounded["dst_"]).toEqual({ t: { "2xx": (100 * 101) / 2 } });
    expect(bounded["dst_599"]).toEqual({ t: { "2xx": 600 } });
    const again = boundSeries(addSeries([bounded, { dst_new: { t: { "2xx": 1 } } }]), 500);
    expect(again["dst_"]).toEqual({ t: { "2xx": (100 * 101) / 2 + 1 } });
  });

  it("is compressed if it is long", async () => {
    for (const counts of [many(3), many(500)]) expect(await unpackCounts(await packCounts(counts))).toEqual(counts);
    expect((await packCounts(many(500))).length).toBeLessThan(JSON.stringify(many(500)).length / 2);
  });

  it("of a pass is bounded, however many destinations its events have", async () => {
    const deliveries = Array.from({ length: 400 }, (_, index) => ({
      id: `dlv_${index}`,
      destination_id: `dst_${index}`,
      status: "delivered",
      created_at: "2026-11-20T10:00:00.000Z",
      updated_at: "2026-11-20T10:00:00.000Z",
      attempts: [
        {
          number: 1,
          at: "2026-11-20T10:00:00.000Z",
          status: 200,
          duration_ms: index,
          response_body: null,
          error: null,
        },
      ],
    }));
    await tables.events.insert(
      ...Array.from({ length: 30 }, (_, index) => ({
        id: arrival(3 * MINUTE).id,
        integration_id: `int_${index}`,
        received_at: "2026-11-20T10:00:00.000Z",
        deliveries: deliveries.map((each) => ({ ...each, destination_id: `${each.destination_id}_${index}` })),
      })),
    );
    await maintain();
    const counted = await totals();
    const sum = (kind: "f" | "t", name: string) =>
      Object.values(counted).reduce((total, each) => total + (each[kind]?.[name] ?? 0), 0);
    expect(sum("f", "delivered")).toBe(12_000);
    expect(sum("t", "2xx")).toBe(12_000);
    expect(Object.keys(counted).length).toBeLessThan(4_100);
  });
});
