import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstSlot, slotTimes } from "../../../src/delivery/limits/rate-limit-slots.ts";
import { contextOf } from "../../../src/context.ts";
import { isJsonObject } from "../../../src/model/json.ts";
import { releaseConcurrency, leaseConcurrency } from "../../../src/storage/destinations/concurrency-leases.ts";
import { reserveSlots } from "../../../src/storage/destinations/rate-limit-slots.ts";
import { startInvocation } from "../../../src/delivery/attempts/invocation.ts";
import { retryDeliveries } from "../../../src/delivery/attempts/retries.ts";
import { parseDeliveryMessage } from "../../../src/model/delivery.ts";
import { MAX_ATTEMPTS_AT_A_TIME } from "../../../src/platform/limits.ts";
import { consumeQueued, storedDeliveries } from "../../support/deliveries.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
} from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const ID = "dst_0000000000000000000000000001";

/** The period of the rate limits, in ms. */
const PERIOD = 600_000;

async function startWith(column: "rate_limit" | "max_concurrency", value: string | number) {
  await insertDestination(ID);
  await tables.destinations.update({}, { [column]: value });
  contextOf(env).caches.config.forget();
  await insertRoute("rte_1", [ID]);
  const world = createWorld();
  // The slots of a period are numbered on from its start, so no test may begin at the end of one.
  if (column === "rate_limit") world.pass(PERIOD - (world.context.clock() % PERIOD));
  return world;
}

function events(count: number) {
  return Array.from({ length: count }, (_, index) => eventMessage("create", `key-${index}`));
}

describe("slots of a rate limit", () => {
  it("are no more in a period than allowed, however they were reserved", () => {
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 50 }),
      period_seconds: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(
        limits,
        fc.nat(2_000_000_000_000),
        fc.array(fc.integer({ min: 1, max: 60 })),
        (limit, nowMs, counts) => {
          let booked = 0;
          const times: number[] = [];
          for (const count of counts) {
            booked = Math.max(booked, firstSlot(limit, nowMs)) + count;
            times.push(...slotTimes(limit, booked - count, count));
          }
          const perPeriod = Map.groupBy(times, (time) => Math.floor(time / (limit.period_seconds * 1_000)));
          for (const held of perPeriod.values()) expect(held.length).toBeLessThanOrEqual(limit.requests);
          for (const time of times) expect(time).toBeGreaterThanOrEqual(nowMs - limit.period_seconds * 1_000);
        },
      ),
    );
  });

  it("are not reserved twice by concurrent isolates", async () => {
    const limit = { requests: 10, period_seconds: 60 };
    const booking = { destination_id: ID, attempts: 3, rate_limit: "10/60", first_slot: firstSlot(limit, Date.now()) };
    const ends = await Promise.all(Array.from({ length: 8 }, () => reserveSlots(asPrimary(env.DB), [booking])));
    const places = ends.map((each) => (each.get(ID) ?? 0) - booking.first_slot).toSorted((a, b) => a - b);
    expect(places).toEqual([3, 6, 9, 12, 15, 18, 21, 24]);
  });

  it("are numbered anew when the limit changes", async () => {
    await reserveSlots(asPrimary(env.DB), [
      { destination_id: ID, attempts: 5, rate_limit: "1000/1", first_slot: 1_000_000 },
    ]);
    const booked = await reserveSlots(asPrimary(env.DB), [
      { destination_id: ID, attempts: 2, rate_limit: "1/60", first_slot: 30 },
    ]);
    expect(booked.get(ID)).toBe(32);
  });
});

describe("a destination with a rate limit", () => {
  it("receives no more in a period than allowed; the other deliveries wait without an attempt", async () => {
    const world = await startWith("rate_limit", '{"requests":3,"period_seconds":600}');
    const seen = fakeOutside();
    await processBatch(world.context, events(8));
    expect(seen).toHaveLength(3);
    const waiting = (await storedDeliveries()).filter((each) => each.status === "pending");
    expect(waiting).toHaveLength(5);
    for (const each of waiting) expect(each).toMatchObject({ attempts: [], reason: "rate_limited" });
    const times = waiting.map((each) => Date.parse(each.next_attempt_at ?? "")).toSorted((a, b) => a - b);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBe(600_000);
    expect(new Set(times).size).toBe(2);
  });

  it("receives all deliveries in the end, each once", async () => {
    const world = await startWith("rate_limit", '{"requests":3,"period_seconds":600}');
    const seen = fakeOutside();
    await processBatch(world.context, events(8));
    for (let round = 0; round < 3; round++) {
      world.pass(600_000);
      const counted = seen.length;
      const due = new Set(
        (await storedDeliveries())
          .filter(({ next_attempt_at: next }) => next !== null && Date.parse(next) <= world.context.clock())
          .map((each) => each.id),
      );
      const all = world.queued.splice(0).filter((body) => isJsonObject(body));
      world.queued.push(...all.filter((body) => due.has(String(body["delivery_id"]))));
      const later = all.filter((body) => !due.has(String(body["delivery_id"])));
      await consumeQueued(world);
      world.queued.push(...later);
      expect(seen.length - counted).toBeLessThanOrEqual(3);
    }
    expect(new Set(seen.map((each) => each.headers.get("webhook-id"))).size).toBe(8);
    expect(seen).toHaveLength(8);
  });

  const nextSlot = async (): Promise<number> => Number(await tables.rate_limit_slots.value("next_slot"));

  it("keeps the slots of deliveries that find it busy or no free worker", async () => {
    const world = await startWith("rate_limit", '{"requests":100,"period_seconds":600}');
    await tables.destinations.update({}, { max_concurrency: 1 });
    contextOf(env).caches.config.forget();
    const seen = fakeOutside();
    const expires_at = world.context.clock() + 60_000;
    await tables.concurrency_leases.insert({ destination_id: ID, lease_id: "other", expires_at });
    await processBatch(world.context, events(3));
    const reserved = await nextSlot();
    for (let round = 0; round < 2; round++) {
      world.pass(2_000);
      await consumeQueued(world);
      expect([...new Set((await storedDeliveries()).map(({ reason }) => reason))]).toEqual(["busy"]);
    }
    await tables.concurrency_leases.delete({ lease_id: "other" });
    const none = startInvocation(world.context);
    for (let taken = 0; taken < MAX_ATTEMPTS_AT_A_TIME; taken++) none.workers.take(0);
    world.pass(2_000);
    const due = world.queued.splice(0).map((body) => parseDeliveryMessage(body));
    await retryDeliveries(
      world.context,
      due.flatMap((body) => (body === null ? [] : { body })),
      none,
    );
    expect(seen).toEqual([]);
    world.pass(1_900);
    await consumeQueued(world);
    expect(seen).toHaveLength(3);
    expect(await nextSlot()).toBe(reserved);
  });

  it("gives a slot back to nobody and takes a new one if a delivery has kept its slot for long", async () => {
    const world = await startWith("rate_limit", '{"requests":100,"period_seconds":600}');
    await tables.destinations.update({}, { max_concurrency: 1 });
    contextOf(env).caches.config.forget();
    const expires_at = world.context.clock() + 60_000;
    await tables.concurrency_leases.insert({ destination_id: ID, lease_id: "other", expires_at });
    await processBatch(world.context, events(1));
    const reserved = await nextSlot();
    world.pass(10_000);
    await consumeQueued(world);
    expect(await nextSlot()).toBe(reserved + 1);
  });
});

describe("a destination with a limit of concurrency", () => {
  it("never receives more at a time than allowed", async () => {
    const world = await startWith("max_concurrency", 2);
    let busy = 0;
    let most = 0;
    const seen = fakeOutside(async () => {
      busy += 1;
      most = Math.max(most, busy);
      await new Promise((resolve) => setTimeout(resolve, 1));
      busy -= 1;
      return new Response("ok");
    });
    await processBatch(world.context, events(12));
    expect(seen).toHaveLength(12);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2);
    expect(await tables.concurrency_leases.first()).toBeNull();
  });

  it("is limited across isolates: a delivery that finds it busy waits without an attempt", async () => {
    const world = await startWith("max_concurrency", 2);
    const now = Date.now();
    await leaseConcurrency(
      asPrimary(env.DB),
      "elsewhere",
      [{ destination_id: ID, attempts: 2, max_concurrency: 2 }],
      now,
      now + 60_000,
    );
    const seen = fakeOutside();
    await processBatch(world.context, events(2));
    expect(seen).toHaveLength(0);
    for (const each of await storedDeliveries()) {
      expect(each).toMatchObject({ status: "pending", attempts: [], reason: "busy" });
    }
    await releaseConcurrency(asPrimary(env.DB), "elsewhere", [ID]);
    world.pass(2_000);
    await consumeQueued(world);
    expect(seen).toHaveLength(2);
  });

  it("ignores the expired leases of a process that died", async () => {
    const world = await startWith("max_concurrency", 1);
    await leaseConcurrency(
      asPrimary(env.DB),
      "dead",
      [{ destination_id: ID, attempts: 1, max_concurrency: 1 }],
      0,
      1_000,
    );
    const seen = fakeOutside();
    await processBatch(world.context, events(1));
    expect(seen).toHaveLength(1);
  });
});
