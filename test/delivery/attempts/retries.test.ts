import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { changeDestination, consume, consumeQueued, onlyDelivery, storedDeliveries } from "../../support/deliveries.ts";
import {
  DESTINATION_SECRET,
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  storedEvents,
} from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";

async function startWith(destinations: readonly string[]): Promise<World> {
  await insertRouted(...destinations);
  return createWorld();
}

/** Processes an event whose first attempt fails, so that the next one is in the queue. */
async function startFailing(status = 503) {
  const world = await startWith([FIRST]);
  const state = { status };
  const seen = fakeOutside(() => new Response("busy", { status: state.status }));
  const message = eventMessage("create", "disk");
  await processBatch(world.context, [message]);
  return { world, seen, state, message };
}

describe("a failing destination", () => {
  it("is retried by the schedule until the delivery is dead, with the same id and body, signed anew", async () => {
    const { world, seen } = await startFailing();
    const statuses = [(await onlyDelivery()).status];
    for (let round = 0; world.queued.length > 0 && round < 10; round++) {
      world.pass(2_000);
      expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
      statuses.push((await onlyDelivery()).status);
    }
    expect(statuses).toEqual(["pending", "pending", "pending", "dead"]);
    expect(new Set(seen.map((each) => each.headers.get("webhook-id")))).toEqual(new Set([(await onlyDelivery()).id]));
    expect(new Set(seen.map((each) => each.body)).size).toBe(1);
    const stamps = seen.map((each) => Number(each.headers.get("webhook-timestamp")));
    expect(stamps.toSorted((a, b) => a - b)).toEqual(stamps);
    expect(new Set(stamps).size).toBe(4);
    for (const each of seen) new Webhook(DESTINATION_SECRET).verify(each.body, Object.fromEntries(each.headers));

    const delivery = await onlyDelivery();
    expect(delivery).toMatchObject({ status: "dead", reason: "attempts_exhausted", next_attempt_at: null });
    expect(delivery.attempts).toMatchObject(
      [1, 2, 3, 4].map((number) => ({
        number,
        status: 503,
        response_body: "busy",
        error: "The destination responded with status 503.",
      })),
    );
    const times = delivery.attempts.map((attempt) => attempt.at);
    expect(times.toSorted()).toEqual(times);
    expect(await storedEvents()).toMatchObject([{ rescue_at: null }]);
    expect(await tables.dead_letters.count()).toBe(0);
  });

  it("that recovers receives the delivery once", async () => {
    const { world, seen, state } = await startFailing();
    world.pass(2_000);
    state.status = 200;
    await consumeQueued(world);
    expect(await onlyDelivery()).toMatchObject({ status: "delivered", reason: null, next_attempt_at: null });
    expect((await onlyDelivery()).attempts.map((attempt) => attempt.status)).toEqual([503, 200]);
    expect(world.queued).toEqual([]);
    expect(seen).toHaveLength(2);
  });

  it("is left alone for as long as it asks", async () => {
    const world = await startWith([FIRST]);
    fakeOutside(() => new Response("", { status: 429, headers: { "retry-after": "600" } }));
    const before = world.context.clock();
    await processBatch(world.context, [eventMessage("create", "disk")]);
    const next = Date.parse((await onlyDelivery()).next_attempt_at ?? "");
    expect(next).toBeGreaterThanOrEqual(before + 600_000);
    expect(next).toBeLessThan(before + 660_000);
  });

  it("receives later events from the queue, and other destinations at once", async () => {
    const world = await startWith([FIRST, SECOND]);
    const seen = fakeOutside(({ url }) => new Response("", { status: url.endsWith(FIRST) ? 500 : 200 }));
    await processBatch(world.context, [eventMessage("create", "disk")]);
    await processBatch(world.context, [eventMessage("create", "cpu")]);
    expect(seen.map((each) => each.url.slice(-1)).toSorted()).toEqual(["1", "2", "2"]);
    expect((await storedDeliveries()).map((each) => [each.destination_id, each.status, each.attempts.length])).toEqual([
      [FIRST, "pending", 1],
      [SECOND, "delivered", 1],
      [FIRST, "pending", 0],
      [SECOND, "delivered", 1],
    ]);
    expect(world.queued).toMatchObject([{ attempts: 1 }, { attempts: 0 }]);
  });
});

describe("a destination that is gone", () => {
  it("is disabled with the reason, its delivery is dead, and its other deliveries are cancelled", async () => {
    const world = await startWith([FIRST]);
    fakeOutside(() => new Response("", { status: 503 }));
    await processBatch(world.context, [eventMessage("create", "disk")]);
    vi.restoreAllMocks();
    const seen = fakeOutside(() => new Response("", { status: 410 }));
    contextOf(env).caches.health.mark(FIRST, true, 0);
    await processBatch(world.context, [eventMessage("create", "cpu")]);
    const [waiting, gone] = await storedDeliveries();
    expect(gone).toMatchObject({ status: "dead", reason: "gone", next_attempt_at: null, attempts: [{ status: 410 }] });
    expect(waiting).toMatchObject({ status: "cancelled", reason: "destination_disabled", next_attempt_at: null });
    expect(await tables.destinations.first()).toMatchObject({ enabled: 0, disabled_reason: "gone" });

    world.pass(2_000);
    expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
    expect((await storedDeliveries())[0]).toMatchObject({ status: "cancelled", reason: "destination_disabled" });
    await processBatch(world.context, [eventMessage("create", "memory")]);
    expect((await storedDeliveries())[2]).toMatchObject({
      status: "cancelled",
      reason: "destination_disabled",
      attempts: [],
    });
    expect(seen).toHaveLength(1);
  });
});

describe("a message of the DELIVERIES queue", () => {
  it("that arrives early comes again when the attempt is due, and nothing is sent before", async () => {
    const world = await startWith([FIRST]);
    const seen = fakeOutside(() => new Response("", { status: 503, headers: { "retry-after": "3600" } }));
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(60_000);
    const [fate] = await consume(world, world.queued);
    if (fate?.kind !== "retried") throw new Error("not put back");
    expect(fate.delay_seconds).toBeGreaterThan(3_500);
    expect(fate.delay_seconds).toBeLessThanOrEqual(3_541);
    expect(seen).toHaveLength(1);
    world.pass(3_541_000);
    expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
    expect(seen).toHaveLength(2);
  });

  it("is dropped if another has made its attempt already", async () => {
    const { world, seen } = await startFailing();
    const outdated = [...world.queued];
    world.pass(2_000);
    await consumeQueued(world);
    world.pass(2_000);
    expect(await consume(world, outdated)).toEqual([{ kind: "acked" }]);
    expect(seen).toHaveLength(2);
    expect((await onlyDelivery()).attempts).toHaveLength(2);
  });

  it("that comes twice in one batch makes one attempt", async () => {
    const { world, seen } = await startFailing();
    const [body] = world.queued.splice(0);
    world.pass(2_000);
    expect(await consume(world, [body, body, body])).toEqual([{ kind: "acked" }, { kind: "acked" }, { kind: "acked" }]);
    expect(seen).toHaveLength(2);
    expect((await onlyDelivery()).attempts.map((attempt) => attempt.number)).toEqual([1, 2]);
    expect(world.queued).toHaveLength(1);
  });

  it("that two consumers hold at once loses no attempt, and a delivery stays delivered", async () => {
    const { world, seen } = await startFailing();
    const bodies = world.queued.splice(0);
    world.pass(2_000);
    const bothThere = Promise.withResolvers<void>();
    vi.restoreAllMocks();
    const retried = fakeOutside(async (_, count) => {
      if (count === 2) bothThere.resolve();
      await bothThere.promise;
      return new Response("", { status: count === 1 ? 200 : 500 });
    });
    await Promise.all([consume(world, bodies), consume(world, bodies)]);
    expect([seen.length, retried.length]).toEqual([1, 2]);
    const delivery = await onlyDelivery();
    expect(delivery).toMatchObject({ status: "delivered", reason: null, next_attempt_at: null });
    expect(delivery.attempts.map((attempt) => attempt.number)).toEqual([1, 2, 3]);
    expect(delivery.attempts.map((attempt) => attempt.status ?? 0).toSorted((a, b) => a - b)).toEqual([200, 500, 503]);
  });

  it("for a delivery that is not on record is dropped", async () => {
    const world = createWorld();
    const seen = fakeOutside();
    const bodies = ["", "dlv_", "nonsense", `dlv_${"0".repeat(44)}`].map((delivery_id) => ({
      v: 1,
      delivery_id,
      attempts: 0,
    }));
    expect(await consume(world, bodies)).toEqual(bodies.map(() => ({ kind: "acked" })));
    expect(seen).toEqual([]);
  });

  it("finds its destination disabled, and the delivery is cancelled with the reason", async () => {
    const { world, seen } = await startFailing();
    await changeDestination(FIRST, "enabled", 0);
    world.pass(2_000);
    expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
    expect(await onlyDelivery()).toMatchObject({
      status: "cancelled",
      reason: "destination_disabled",
      next_attempt_at: null,
    });
    expect(await storedEvents()).toMatchObject([{ rescue_at: null }]);
    expect([seen.length, world.queued.length]).toEqual([1, 0]);
  });

  it("finds its destination deleted, and the delivery is cancelled with the reason", async () => {
    const { world, seen } = await startFailing();
    await tables.destinations.delete();
    contextOf(env).caches.config.forget();
    world.pass(2_000);
    expect(await consumeQueued(world)).toEqual([{ kind: "acked" }]);
    expect(await onlyDelivery()).toMatchObject({
      status: "cancelled",
      reason: "destination_deleted",
      next_attempt_at: null,
    });
    expect([seen.length, world.queued.length]).toEqual([1, 0]);
  });

  it("goes to the URL that its destination has at that time", async () => {
    const { world, seen } = await startFailing();
    await changeDestination(FIRST, "url", "https://moved.example.com/");
    world.pass(2_000);
    await consumeQueued(world);
    expect(seen[1]?.url).toBe("https://moved.example.com/");
  });
});
