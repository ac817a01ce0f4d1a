import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { OPENS_AFTER, openForMs, breakerAt } from "../../../src/delivery/limits/breaker.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client } from "../../support/api.ts";
import { contextOf } from "../../../src/context.ts";
import { isJsonObject } from "../../../src/model/json.ts";
import { consumeQueued, storedDeliveries } from "../../support/deliveries.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  insertRouted,
  processBatch,
} from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const ID = "dst_0000000000000000000000000001";

/** Creates a destination whose breaker has just opened. `state.status` is its response. */
async function startOpen() {
  await insertDestination(ID);
  await tables.destinations.update({}, { retry_schedule: [60, 600, 6000] });
  await insertRoute("rte_1", [ID]);
  const world = createWorld();
  const state = { status: 500 };
  const seen = fakeOutside(() => new Response("", { status: state.status }));
  for (let i = 0; i < OPENS_AFTER; i++) await sendOne(world);
  // The marks of this isolate alone would leave first attempts to the queue.
  contextOf(env).caches.health.mark(ID, true, 1);
  return { world, state, seen };
}

/** Processes one more event, and the DELIVERIES queue, which makes the first attempts at marked destinations. */
async function sendOne(world: World): Promise<void> {
  await processBatch(world.context, [eventMessage("create", crypto.randomUUID())]);
  await consumeDue(world);
}

/** Gives the consumer what is due; the rest stays in the queue. */
async function consumeDue(world: World): Promise<void> {
  const due = new Set((await storedDeliveries()).filter(isDueAt(world.context.clock())).map((delivery) => delivery.id));
  const all = world.queued.splice(0).filter((body) => isJsonObject(body));
  const later = all.filter((body) => !due.has(String(body["delivery_id"])));
  world.queued.push(...all.filter((body) => due.has(String(body["delivery_id"]))));
  await consumeQueued(world);
  world.queued.push(...later);
}

function isDueAt(nowMs: number) {
  return ({ next_attempt_at }: { readonly next_attempt_at: string | null }) =>
    next_attempt_at !== null && Date.parse(next_attempt_at) <= nowMs;
}

async function healthRow() {
  return await tables.destination_health.first();
}

describe("the breaker", () => {
  it("opens after some consecutive failures, and for longer each time, within limits", () => {
    expect(openForMs(OPENS_AFTER - 1)).toBe(0);
    const times = Array.from({ length: 20 }, (_, index) => openForMs(OPENS_AFTER + index));
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(times[0]).toBe(10_000);
    expect(times.at(-1)).toBe(300_000);
  });

  it("is closed for a destination that only fails now and then", () => {
    const state = {
      destination_id: ID,
      failures: 2,
      failing_since: 0,
      retry_at: null,
      probe_until: null,
      announced: false,
    };
    expect(breakerAt(state, 5)).toEqual({ kind: "closed" });
    expect(breakerAt(undefined, 5)).toEqual({ kind: "closed" });
  });

  it("defers deliveries without an attempt, and says why", async () => {
    const { world, seen } = await startOpen();
    const before = seen.length;
    await sendOne(world);
    const last = (await storedDeliveries()).at(-1);
    expect(seen.length).toBe(before);
    expect(last).toMatchObject({ status: "pending", attempts: [], reason: "breaker_open" });
    const wait = Date.parse(last?.next_attempt_at ?? "") - world.context.clock();
    expect(wait).toBeLessThanOrEqual(10_000);
    expect(wait).toBeGreaterThan(5_000);
  });

  it("never defers a delivery for longer than the step of its schedule, and then allows an attempt", async () => {
    const { world, seen } = await startOpen();
    await tables.destinations.update({}, { retry_schedule: [2, 600] });
    contextOf(env).caches.config.forget();
    await sendOne(world);
    const last = (await storedDeliveries()).at(-1);
    expect(Date.parse(last?.next_attempt_at ?? "") - world.context.clock()).toBeLessThanOrEqual(2_000);
    world.pass(2_000);
    await consumeDue(world);
    expect(seen.filter((each) => each.headers.get("webhook-id") === last?.id)).toHaveLength(1);
  });

  it("lets one delivery probe when it has been open for long enough, and opens again for longer if that fails", async () => {
    const { world, seen } = await startOpen();
    world.pass(10_001);
    const before = seen.length;
    await processBatch(world.context, [
      eventMessage("create", "a"),
      eventMessage("create", "b"),
      eventMessage("create", "c"),
    ]);
    await consumeDue(world);
    expect(seen.length).toBe(before + 1);
    const row = await healthRow();
    expect(row).toMatchObject({ failures: OPENS_AFTER + 1, probe_until: null });
    expect(Number(row?.["retry_at"]) - world.context.clock()).toBeGreaterThan(15_000);
  });

  it("is probed by one of several concurrent consumers", async () => {
    const { world, seen } = await startOpen();
    world.pass(10_001);
    const before = seen.length;
    await processBatch(world.context, [eventMessage("create", "a"), eventMessage("create", "b")]);
    const messages = world.queued.splice(0);
    const worlds = messages.map((message) => ({ ...world, queued: [message] }));
    await Promise.all(worlds.map((each) => consumeQueued(each)));
    expect(seen.length).toBe(before + 1);
  });

  it("closes with the first success, and deferred deliveries are sent at once", async () => {
    const { world, state, seen } = await startOpen();
    await sendOne(world);
    await sendOne(world);
    state.status = 200;
    world.pass(10_001);
    await consumeDue(world);
    expect(await healthRow()).toBeNull();
    await consumeDue(world);
    const deliveries = await storedDeliveries();
    expect(deliveries.slice(-2)).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
    await sendOne(world);
    expect((await storedDeliveries()).at(-1)).toMatchObject({ status: "delivered", attempts: [{ number: 1 }] });
    expect(new Set(seen.map((each) => each.headers.get("webhook-id"))).size).toBeLessThanOrEqual(seen.length);
  });

  it("opens at once for a destination that asks for a pause", async () => {
    await insertRouted(ID);
    const world = createWorld();
    fakeOutside(() => new Response("", { status: 429, headers: { "retry-after": "120" } }));
    await processBatch(world.context, [eventMessage("create", "a")]);
    const row = await healthRow();
    expect(Number(row?.["retry_at"]) - world.context.clock()).toBeGreaterThan(100_000);
  });

  it("allows a retry by hand", async () => {
    const { world, seen } = await startOpen();
    await sendOne(world);
    const before = seen.length;
    const last = (await storedDeliveries()).at(-1);
    await tables.events.update({}, ({ deliveries }) => ({
      deliveries: String(deliveries).replaceAll("breaker_open", "retried_by_hand"),
    }));
    const next_attempt_at = new Date(world.context.clock()).toISOString();
    await tables.events.edit<object[]>({ id: last?.event_id ?? "" }, "deliveries", ([first, ...others]) => [
      { ...first, next_attempt_at },
      ...others,
    ]);
    await consumeDue(world);
    expect(seen.length).toBe(before + 1);
  });

  it("does not count an attempt that the gateway refuses to send", async () => {
    await insertDestination(ID, { url: "http://169.254.169.254/" });
    await insertRoute("rte_1", [ID]);
    fakeOutside();
    await processBatch(createWorld().context, [eventMessage("create", "a")]);
    expect(await healthRow()).toBeNull();
  });
});

describe("a destination that has failed for too long", () => {
  it("is disabled with a reason, and its deliveries are cancelled", async () => {
    const { world } = await startOpen();
    const failing_since = world.context.clock() - 432_000_000;
    await tables.destination_health.update({}, { failing_since, retry_at: null });
    contextOf(env).caches.health.learn(ID, undefined);
    await sendOne(world);
    expect(await tables.destinations.first()).toMatchObject({ enabled: 0, disabled_reason: "failing" });
    world.pass(3_600_000);
    await consumeDue(world);
    const deliveries = await storedDeliveries();
    expect(new Set(deliveries.map((each) => each.status))).toEqual(new Set(["cancelled"]));
    expect(new Set(deliveries.map((each) => each.reason))).toEqual(new Set(["destination_disabled"]));
  });

  it("stays enabled while it succeeds now and then", async () => {
    const { world, state } = await startOpen();
    const failing_since = world.context.clock() - 432_000_000;
    await tables.destination_health.update({}, { failing_since, retry_at: null });
    contextOf(env).caches.health.learn(ID, undefined);
    await contextOf(env).caches.health.refresh(asPrimary(env.DB));
    state.status = 200;
    await sendOne(world);
    expect(await tables.destinations.value("enabled")).toBe(1);
  });
});

describe("the health of a destination in the API", () => {
  it("is healthy, failing or open", async () => {
    await insertDestination(ID);
    const health = async () => unwrap(await client.destinations.get(ID)).health;
    expect(await health()).toEqual({ status: "healthy", failures: 0, failing_since: null, retry_at: null });
    await insertRoute("rte_1", [ID]);
    const world = createWorld();
    fakeOutside(() => new Response("", { status: 500 }));
    await sendOne(world);
    expect(await health()).toMatchObject({ status: "failing", failures: 1, retry_at: null });
    for (let i = 1; i < OPENS_AFTER; i++) await sendOne(world);
    expect(await health()).toMatchObject({ status: "paused_by_breaker", failures: OPENS_AFTER });
    await tables.destination_health.update({}, { probe_until: Date.now() + 60_000 });
    expect(await health()).toMatchObject({ status: "probing", failures: OPENS_AFTER });
    await tables.destination_health.update({}, { probe_until: Date.now() - 1 });
    expect(await health()).toMatchObject({ status: "paused_by_breaker", failures: OPENS_AFTER });
  });

  it("starts anew when the destination is enabled again or has another URL", async () => {
    await startOpen();
    await client.destinations.update(ID, { url: "https://other.example.com/" });
    expect(await healthRow()).toBeNull();
    expect(contextOf(env).caches.health.isHealthy(ID)).toBe(true);
  });
});
