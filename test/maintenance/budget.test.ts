import { beforeEach, expect, it, vi } from "vitest";
import { contextOf } from "../../src/context.ts";
import { TASKS } from "../../src/maintenance/maintenance.ts";
import { lowestIdAt } from "../../src/model/ids.ts";
import { AT, deliveryTo } from "../api/records.ts";
import { fakeQueue } from "../support/bindings.ts";
import { maintain } from "../support/maintenance.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { createWorld, insertDestination } from "../support/world.ts";
import { tables } from "../support/tables.ts";

// D1 takes a thousand queries of an invocation.

const MAX_QUERIES = 1_000;
const DESTINATION = "dst_0000000000000000000000000001";
const MINUTE = 60_000;
const DAY = 86_400_000;

beforeEach(async () => {
  await insertDestination(DESTINATION);
});

/** Inserts rows of which each fills a send of its own. */
async function fillOutbox(count: number): Promise<void> {
  const message = JSON.stringify({ v: 1, text: "x".repeat(100_000) });
  for (let index = 0; index < count; index++) await tables.outbox.insert({ id: `evt_${index}`, message });
}

async function addSilent(count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `int_${String(index).padStart(24, "0")}`);
  await tables.integrations.insert(...ids.map((id) => ({ id, options: { expect_every_minutes: 1 } })));
  await tables.heartbeats.insert(...ids.map((integration_id) => ({ integration_id, seen_at: Date.now() - DAY })));
}

async function addOverdue(count: number, deliveriesOfEach: number, minutesAgo: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    const id = lowestIdAt("evt", Date.now() - MINUTE * minutesAgo + index);
    const pending = { status: "pending", next_attempt_at: AT, attempts: [] } as const;
    const deliveries = Array.from({ length: deliveriesOfEach }, () => deliveryTo(id, DESTINATION, pending));
    return { id, integration_id: "int_1", type: "event.received", rescue_at: 1, deliveries };
  });
  await tables.events.insert(...rows);
}

async function addExpired(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: lowestIdAt("evt", Date.now() - 60 * DAY + index),
    integration_id: "int_1",
  }));
  await tables.events.insert(...rows);
}

it("the shares of all tasks together stay below the limit of D1", () => {
  expect(TASKS.reduce((sum, { max_calls }) => sum + max_calls, 0)).toBeLessThan(MAX_QUERIES);
});

it("no backlog keeps retention from its turn, or makes more queries than an invocation may", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await fillOutbox(250);
  await addSilent(500);
  await addOverdue(3_000, 1, 10);
  await addOverdue(20, 300, 20);
  await addExpired(3_000);
  const meter = emptyMeter();
  const world = createWorld({ DB: meteredDatabase(meter), EVENTS: fakeQueue().queue });
  await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
  expect(meter.queries).toBeLessThan(MAX_QUERIES);
  expect(meter.largest).toBeLessThan(20_000_000);
  const kept = await tables.events.all<{ id: string }>();
  expect(kept.filter(({ id }) => id < lowestIdAt("evt", Date.now() - 50 * DAY))).toEqual([]);
  expect(await tables.heartbeats.count({ silent_since: null })).toBe(0);
});

it("five hundred silent integrations cost a few queries a minute, and one pass over the latest events", async () => {
  await addSilent(500);
  const rows = Array.from({ length: 2_000 }, (_, index) => ({
    id: lowestIdAt("evt", Date.now() - MINUTE * 10 + index),
    integration_id: "int_busy",
  }));
  await tables.events.insert(...rows);
  const meter = emptyMeter();
  const world = createWorld({ DB: meteredDatabase(meter), EVENTS: fakeQueue().queue });
  const [heartbeats] = TASKS.filter(({ name }) => name === "heartbeats");
  const run = async (): Promise<void> => {
    Object.assign(meter, emptyMeter());
    await heartbeats?.run(contextOf(world.context.env), heartbeats.max_calls);
  };
  await run();
  expect(meter.queries).toBeLessThan(40);
  expect(await tables.heartbeats.count({ silent_since: null })).toBe(0);
  await run();
  expect(meter.queries).toBeLessThan(20);
  expect(meter.read).toBeLessThan(10_000);
});
