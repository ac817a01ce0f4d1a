import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { type Context, contextOf } from "../../../src/context.ts";
import { createConfigCache } from "../../../src/config-cache/config.ts";
import { START_CRON } from "../../../src/maintenance/maintenance.ts";
import { pendingChanges } from "../../../src/maintenance/pending-changes.ts";
import { rescueAllDeliveries, rescueDeliveries } from "../../../src/maintenance/rescue-deliveries.ts";
import { lowestIdAt } from "../../../src/model/ids.ts";
import { NEVER_RESCUED } from "../../../src/storage/events/log.ts";
import { AT, deliveryTo } from "../../api/records.ts";
import { clientOf, client, statusOf } from "../../support/api.ts";
import { consume, consumeQueued, storedDeliveries } from "../../support/deliveries.ts";
import { maintain } from "../../support/maintenance.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { tables } from "../../support/tables.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRouted,
  processBatch,
} from "../../support/world.ts";

const PAUSED = "dst_0000000000000000000000000001";
const OTHER = "dst_0000000000000000000000000002";
const YEAR_MS = 365 * 86_400_000;
const WAITING = { status: "pending", reason: "paused", next_attempt_at: null };

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  await insertRouted(PAUSED, OTHER);
});

/** The administrator's client, of a gateway that sends its deliveries to the world's queue. */
function api() {
  return clientOf({ bindings: { DELIVERIES: world.context.env.DELIVERIES } });
}

const own = async () => (await storedDeliveries()).filter(({ destination_id }) => destination_id === PAUSED);
const books = async () => unwrap(await client.reconciliation.get());

/** Has the consumer take what is queued until nothing is. */
async function drain(): Promise<void> {
  for (let round = 0; world.queued.length > 0 && round < 100; round++) {
    world.pass(5_000);
    await consume(world, world.queued.splice(0, 50));
  }
}

/** The context of an isolate that has the configuration of now, and reads no other. */
async function staleIsolate(): Promise<Context> {
  const config = createConfigCache(world.context.primary, () => 0);
  await config.load();
  return { ...world.context, caches: { ...world.context.caches, config } };
}

describe("deliveries of a paused destination", () => {
  it("wait from the start, for a year, without an attempt or a message, and arrive once it is resumed", async () => {
    const seen = fakeOutside();
    await api().destinations.pause(PAUSED);
    await processBatch(world.context, [eventMessage("create", "disk")]);
    expect(seen.map(({ url }) => url.split("/").at(-1))).toEqual([OTHER]);
    expect(await own()).toMatchObject([{ ...WAITING, attempts: [] }]);
    for (let month = 0; month < 12; month++) {
      world.pass(YEAR_MS / 12);
      for (const task of [rescueDeliveries, rescueAllDeliveries]) await task.run(world.context, task.max_calls);
    }
    expect(world.queued).toEqual([]);
    expect(await books()).toMatchObject({ accepted: 2, delivered: 1, pending: 1, balanced: true });
    await api().destinations.resume(PAUSED);
    await drain();
    expect(await own()).toMatchObject([{ status: "delivered", attempts: [{ number: 1 }] }]);
    expect(await books()).toMatchObject({ accepted: 2, delivered: 2, pending: 0, balanced: true });
  });

  it("wait with the attempts that they have made, and continue their schedule where it was", async () => {
    let status = 503;
    const seen = fakeOutside(({ url }) => new Response("", { status: url.endsWith(PAUSED) ? status : 200 }));
    await processBatch(world.context, [eventMessage("create", "disk")]);
    await api().destinations.pause(PAUSED);
    world.pass(60_000);
    expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
    expect(await own()).toMatchObject([{ ...WAITING, attempts: [{ number: 1 }] }]);
    expect(world.queued).toEqual([]);
    world.pass(YEAR_MS);
    status = 200;
    await api().destinations.resume(PAUSED);
    await drain();
    expect(await own()).toMatchObject([{ status: "delivered", attempts: [{ number: 1 }, { number: 2, status: 200 }] }]);
    expect(seen).toHaveLength(3);
  });

  it("are cancelled if it is deleted, those too that an isolate defers which does not know of that yet", async () => {
    fakeOutside();
    await api().destinations.pause(PAUSED);
    const stale = await staleIsolate();
    await api().destinations.delete(PAUSED, { force: true });
    await processBatch(stale, [eventMessage("create", "disk")]);
    expect(await own()).toMatchObject([WAITING]);
    world.pass(60_000);
    await pendingChanges.run(world.context, pendingChanges.max_calls);
    await drain();
    expect(await own()).toMatchObject([{ status: "cancelled", reason: "destination_deleted" }]);
  });

  it("wait if they are retried by hand or replayed", async () => {
    const seen = fakeOutside();
    await processBatch(world.context, [eventMessage("create", "disk")]);
    const [delivered] = await own();
    await tables.events.edit<object[]>({}, "deliveries", (list) =>
      list.map((each) => ({ ...each, status: "dead", reason: "attempts_exhausted", next_attempt_at: null })),
    );
    const before = seen.length;
    await api().destinations.pause(PAUSED);
    await api().events.replay(delivered?.event_id ?? "", { destination_ids: [PAUSED] });
    await api().deliveries.retry(delivered?.id ?? "");
    await drain();
    expect(await own()).toMatchObject([WAITING, WAITING]);
    expect(seen).toHaveLength(before);
    await api().destinations.resume(PAUSED);
    await drain();
    expect((await own()).map(({ status }) => status)).toEqual(["delivered", "delivered"]);
  });

  it("wait again if another consumer has given them a time", async () => {
    fakeOutside();
    await api().destinations.pause(PAUSED);
    await processBatch(world.context, [eventMessage("create", "disk")]);
    await tables.events.edit<object[]>({}, "deliveries", (list) =>
      list.map((each) => ({ ...each, next_attempt_at: "reason" in each && each.reason === "paused" ? AT : null })),
    );
    await tables.events.update({}, { rescue_at: 0 });
    await rescueDeliveries.run(world.context, rescueDeliveries.max_calls);
    expect(world.queued).toHaveLength(1);
    await drain();
    expect(await own()).toMatchObject([WAITING]);
    expect(await tables.events.value("rescue_at")).toBe(NEVER_RESCUED);
  });

  it("are cancelled if it is disabled, and it is still paused when it is enabled again", async () => {
    const seen = fakeOutside();
    await api().destinations.pause(PAUSED);
    await processBatch(world.context, [eventMessage("create", "disk")]);
    await api().destinations.update(PAUSED, { enabled: false });
    expect(await own()).toMatchObject([{ status: "cancelled", reason: "destination_disabled" }]);
    const enabled = unwrap(await api().destinations.update(PAUSED, { enabled: true }));
    expect(enabled).toMatchObject({ enabled: true, paused_at: expect.any(String) });
    await processBatch(world.context, [eventMessage("create", "cpu")]);
    expect((await own()).map(({ status }) => status)).toEqual(["cancelled", "pending"]);
    expect(seen.filter(({ url }) => url.endsWith(PAUSED))).toEqual([]);
    expect(await books()).toMatchObject({ cancelled: 1, pending: 1, balanced: true });
  });

  it("that an isolate defers which does not know yet that it was resumed are made due by maintenance", async () => {
    fakeOutside();
    await api().destinations.pause(PAUSED);
    const stale = await staleIsolate();
    await api().destinations.resume(PAUSED);
    await processBatch(stale, [eventMessage("create", "disk")]);
    expect(await own()).toMatchObject([WAITING]);
    await pendingChanges.run(world.context, pendingChanges.max_calls);
    expect(await own()).toMatchObject([WAITING]);
    world.pass(30_000);
    await pendingChanges.run(world.context, pendingChanges.max_calls);
    await drain();
    expect(await own()).toMatchObject([{ status: "delivered" }]);
    expect(await tables.maintenance_tasks.count()).toBe(0);
  });

  it("stay where they are if it is paused again before maintenance makes them due", async () => {
    fakeOutside();
    await api().destinations.pause(PAUSED);
    await api().destinations.resume(PAUSED);
    await api().destinations.pause(PAUSED);
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(30_000);
    await pendingChanges.run(world.context, pendingChanges.max_calls);
    expect(await own()).toMatchObject([WAITING]);
    expect(await tables.maintenance_tasks.count()).toBe(0);
  });
});

describe("a large backlog of a paused destination", () => {
  const BACKLOG = 6_000;
  const meter = emptyMeter();

  beforeEach(async () => {
    await tables.destinations.update({ id: PAUSED }, { paused_at: AT });
    contextOf(env).caches.config.forget();
    const pending = { status: "pending", reason: "paused", next_attempt_at: null, attempts: [] } as const;
    const rows = Array.from({ length: BACKLOG }, (_, index) => {
      const id = lowestIdAt("evt", Date.parse(AT) + index);
      const deliveries = [deliveryTo(id, PAUSED, pending)];
      return { id, integration_id: "int_1", type: "event.received", rescue_at: NEVER_RESCUED, deliveries };
    });
    await tables.events.insert(...rows);
    Object.assign(meter, emptyMeter());
    world = createWorld({ DB: meteredDatabase(meter) });
  });

  it("costs no rows each minute, nor when another destination recovers", async () => {
    await rescueDeliveries.run(contextOf(world.context.env), 1_000);
    await rescueAllDeliveries.run(contextOf(world.context.env), 1_000);
    await clientOf({ bindings: world.context.env }).destinations.update(OTHER, {
      rate_limit: { requests: 5, period_seconds: 1 },
    });
    expect(meter.read).toBeLessThan(100);
    expect(world.queued).toEqual([]);
  });

  it("becomes due at a bounded rate, all of it in the end", async () => {
    const startMs = Date.now();
    unwrap(await clientOf({ bindings: world.context.env }).destinations.resume(PAUSED));
    const early = (await own()).flatMap(({ next_attempt_at: at }) => (at === null ? [] : Date.parse(at)));
    expect(early).toHaveLength(4_000);
    world.pass(31_000);
    for (let runs = 0; (await tables.maintenance_tasks.count()) > 0 && runs < 10; runs++) {
      await pendingChanges.run(world.context, pendingChanges.max_calls);
    }
    const times = (await own()).map(({ next_attempt_at: at }) => Date.parse(at ?? "") - startMs);
    const perSecond = Map.groupBy(times, (ms) => Math.floor(ms / 1_000));
    expect(Math.max(...[...perSecond.values()].map((each) => each.length))).toBeLessThanOrEqual(100);
    expect(Math.max(...times)).toBeGreaterThan((BACKLOG / 50 - 5) * 1_000);
    expect(new Set(world.queued.map((body) => JSON.stringify(body))).size).toBe(BACKLOG);
  });
});

describe("pausing", () => {
  it("twice keeps the first time, and resuming twice changes nothing more", async () => {
    const { paused_at, updated_at } = unwrap(await api().destinations.pause(PAUSED));
    expect(paused_at).toBe(updated_at);
    expect(unwrap(await api().destinations.pause(PAUSED))).toMatchObject({ paused_at, updated_at });
    expect(unwrap(await client.destinations.get(PAUSED))).toMatchObject({ paused_at });
    const resumed = unwrap(await api().destinations.resume(PAUSED));
    expect(resumed.paused_at).toBeNull();
    expect(unwrap(await api().destinations.resume(PAUSED))).toEqual(resumed);
  });

  it("is not for requests that set fields, nor for a destination that does not exist", async () => {
    expect(statusOf(await client.destinations.pause("dst_0000000000000000000000000009"))).toBe(404);
    expect(statusOf(await client.destinations.resume("dst_0000000000000000000000000009"))).toBe(404);
    await api().destinations.pause(PAUSED);
    expect(unwrap(await api().destinations.update(PAUSED, { name: "new" })).paused_at).toEqual(expect.any(String));
  });

  it("does not keep the test button from working", async () => {
    const seen = fakeOutside();
    await api().destinations.pause(PAUSED);
    expect(unwrap(await api().destinations.test(PAUSED))).toMatchObject({ ok: true });
    expect(seen).toHaveLength(1);
  });

  it("is kept over a restart of a gateway whose queues have lost their messages", async () => {
    const seen = fakeOutside();
    await insertDestination("dst_0000000000000000000000000003");
    await api().destinations.pause(PAUSED);
    await processBatch(world.context, [eventMessage("create", "disk")]);
    const before = seen.length;
    await maintain(world.context, START_CRON, world.context.clock());
    await drain();
    expect(seen).toHaveLength(before);
    expect(await own()).toMatchObject([WAITING]);
  });
});
