import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { processEvents } from "../../../src/pipeline/process-events.ts";
import { contextOf } from "../../../src/context.ts";
import { consumeQueued, onlyDelivery, storedDeliveries } from "../../support/deliveries.ts";
import { type World, createWorld, eventMessage, fakeOutside, insertRouted, processBatch } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";

async function startWith(destinations: readonly string[]): Promise<World> {
  await insertRouted(...destinations);
  return createWorld();
}

describe("a destination that hangs", () => {
  it("does not delay others: its delivery is pending until its attempt ends and is recorded", async () => {
    const world = await startWith([FIRST, SECOND]);
    const release = Promise.withResolvers<Response>();
    fakeOutside(({ url }) => (url.endsWith(FIRST) ? release.promise : new Response("ok")));
    const message = eventMessage("create", "disk");
    const { unfinished, finish } = await processEvents(world.context, [{ message, stored_at: null }]);
    expect(unfinished.size).toBe(0);
    const [hanging, other] = await storedDeliveries();
    expect(other).toMatchObject({ destination_id: SECOND, status: "delivered" });
    expect(hanging).toMatchObject({
      destination_id: FIRST,
      status: "pending",
      attempts: [],
      next_attempt_at: expect.any(String),
    });
    expect(Date.parse(hanging?.next_attempt_at ?? "")).toBeGreaterThan(world.context.clock());
    expect(world.queued).toEqual([]);

    const finished = finish();
    release.resolve(new Response("at last"));
    await finished;
    expect((await storedDeliveries())[0]).toMatchObject({
      status: "delivered",
      attempts: [{ number: 1, status: 200, response_body: "at last" }],
    });
    expect(world.queued).toEqual([]);
  });

  it("and fails in the end is retried", async () => {
    const world = await startWith([FIRST]);
    const release = Promise.withResolvers<Response>();
    fakeOutside(() => release.promise);
    const { finish } = await processEvents(world.context, [
      { message: eventMessage("create", "disk"), stored_at: null },
    ]);
    release.resolve(new Response("", { status: 500 }));
    await finish();
    const delivery = await onlyDelivery();
    expect(delivery).toMatchObject({ status: "pending", attempts: [{ number: 1, status: 500 }] });
    expect(world.queued).toEqual([{ v: 1, delivery_id: delivery.id, attempts: 1 }]);
  });

  it("for several deliveries of one event at once loses none of their attempts", async () => {
    const ids = [1, 2, 3, 4, 5, 6].map((number) => `dst_${String(number).padStart(28, "0")}`);
    const world = await startWith(ids);
    const release = Promise.withResolvers<void>();
    fakeOutside(async () => {
      await release.promise;
      return new Response("ok");
    });
    const { finish } = await processEvents(world.context, [
      { message: eventMessage("create", "disk"), stored_at: null },
    ]);
    release.resolve();
    await finish();
    // Two of them had no worker.
    await consumeQueued(world);
    expect((await storedDeliveries()).map((each) => [each.status, each.attempts.length])).toEqual(
      ids.map(() => ["delivered", 1]),
    );
  });

  it("leaves deliveries that no worker takes in time to the queue, and only those", async () => {
    const world = await startWith([FIRST]);
    fakeOutside(() => new Response("", { status: 503 }));
    const messages = Array.from({ length: 8 }, (_, index) => eventMessage("create", `key-${index}`));
    await processBatch(world.context, messages);
    vi.restoreAllMocks();
    // This is about the workers, not the breaker.
    await tables.destination_health.delete();
    contextOf(env).caches.health.learn(FIRST, undefined);
    world.pass(2_000);

    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const release = Promise.withResolvers<void>();
    const allWorkers = Promise.withResolvers<void>();
    const seen = fakeOutside(async (_, count) => {
      if (count === 4) allWorkers.resolve();
      await release.promise;
      return new Response("ok");
    });
    const fates = consumeQueued(world);
    await allWorkers.promise;
    vi.advanceTimersByTime(1_000);
    release.resolve();
    // New messages: one that is retried too often would end as a dead letter.
    expect(new Set((await fates).map((fate) => fate.kind))).toEqual(new Set(["acked"]));
    expect(world.queued).toHaveLength(4);
    expect(seen).toHaveLength(4);
    expect(
      (await storedDeliveries()).filter((each) => each.status === "pending").map((each) => each.attempts.length),
    ).toEqual([1, 1, 1, 1]);
  });
});
