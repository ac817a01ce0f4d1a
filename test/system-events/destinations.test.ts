import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../../src/context.ts";
import { runEffects } from "../../src/delivery/attempts/run-effects.ts";
import type { Effect } from "../../src/delivery/attempts/effects.ts";
import { destinationWith } from "../support/configuration.ts";
import { consumeQueued } from "../support/deliveries.ts";
import { tables } from "../support/tables.ts";
import { createWorld, eventMessage, processBatch } from "../support/world.ts";
import { ON_CALL, type Stand, WORKER, outboxMessages, startStand } from "./stand.ts";

let stand: Stand;

beforeEach(async () => {
  stand = await startStand();
});

async function send(...keys: readonly string[]): Promise<void> {
  await processBatch(
    stand.world.context,
    keys.map((key) => eventMessage("create", key)),
  );
}

async function typesWaiting(): Promise<string[]> {
  return (await outboxMessages()).map(({ content: { signal } }) => ("type" in signal ? signal.type : signal.action));
}

/** Delivers the system events in the outbox, and nothing else. */
async function deliver(): Promise<void> {
  await processBatch(stand.world.context, await outboxMessages());
}

describe("a destination that fails", () => {
  it("is reported at the first failure, and once when it recovers", async () => {
    stand.statuses.set(WORKER, 503);
    await send("a");
    await send("b", "c");
    await deliver();
    expect(stand.told()).toMatchObject([
      {
        type: "destination.failing",
        data: {
          destination: { id: WORKER, name: "Receiver", url: "https://receiver.example.com" },
          since: expect.any(String),
          count: 1,
          reason: "The destination responded with status 503.",
        },
      },
    ]);
    stand.statuses.set(WORKER, 200);
    stand.world.pass(400_000);
    await consumeQueued(stand.world);
    await deliver();
    expect(stand.told().map(({ type }) => type)).toEqual(["destination.failing", "destination.recovered"]);
    expect(stand.told()[1]).toMatchObject({
      data: { destination: { id: WORKER }, count: 1, since: expect.any(String) },
    });
    stand.statuses.set(WORKER, 503);
    await send("d");
    expect(await typesWaiting()).toEqual(["destination.failing"]);
  });

  it("is reported by one of several isolates", async () => {
    const destination = destinationWith({ id: WORKER });
    const failure: Effect = {
      kind: "record_failure",
      destination,
      throttled_ms: 0,
      reason: "It failed.",
      is_reported: true,
    };
    const isolates = Array.from({ length: 6 }, () => createWorld().context);
    await Promise.all(isolates.map((context) => runEffects(context, [failure, failure])));
    expect(await typesWaiting()).toEqual(["destination.failing"]);
    expect(await tables.destination_health.value("failures")).toBe(12);
    for (const { caches } of isolates) {
      caches.health.learn(WORKER, {
        destination_id: WORKER,
        failures: 12,
        failing_since: 0,
        retry_at: null,
        probe_until: null,
        announced: true,
      });
    }
    await Promise.all(isolates.map((context) => runEffects(context, [{ kind: "record_success", destination }])));
    expect((await typesWaiting()).toSorted()).toEqual(["destination.failing", "destination.recovered"]);
  });

  it("writes no row for events that no route names", async () => {
    await tables.routes.update({ id: "rte_2" }, { event_types: ["destination.recovered"] });
    contextOf(stand.world.context.env).caches.config.forget();
    stand.statuses.set(WORKER, 410);
    await send("a");
    expect(await typesWaiting()).toEqual([]);
    expect(await tables.announcements.count()).toBe(0);
  });

  it("recovers for a route that names only that", async () => {
    await tables.routes.update({ id: "rte_2" }, { event_types: ["destination.recovered"] });
    contextOf(stand.world.context.env).caches.config.forget();
    stand.statuses.set(WORKER, 503);
    await send("a");
    stand.statuses.set(WORKER, 200);
    stand.world.pass(10_000);
    await consumeQueued(stand.world);
    expect(await typesWaiting()).toEqual(["destination.recovered"]);
  });
});

describe("deliveries that die", () => {
  beforeEach(async () => {
    await tables.destinations.update({}, { retry_schedule: [] });
    contextOf(stand.world.context.env).caches.config.forget();
    stand.statuses.set(WORKER, 500);
  });

  it("are reported at once, and then once an hour with their number", async () => {
    await send("a");
    expect(await typesWaiting()).toEqual(["destination.failing", "delivery.dead"]);
    await deliver();
    await send("b", "c");
    await send("d");
    stand.world.pass(60_000);
    await consumeQueued(stand.world);
    await stand.maintainAfter(30);
    expect(await typesWaiting()).toEqual([]);
    await stand.maintainAfter(31);
    await deliver();
    const dead = stand.told().filter(({ type }) => type === "delivery.dead");
    expect(dead).toMatchObject([
      { data: { destination: { id: WORKER }, count: 1, reason: "attempts_exhausted" } },
      { data: { destination: { id: WORKER }, count: 3, since: expect.any(String) } },
    ]);
    await stand.maintainAfter(120);
    expect(await tables.announcements.count()).toBe(0);
    expect(await typesWaiting()).toEqual([]);
  });

  it("are counted once by several isolates at a time, and reported by one", async () => {
    const destination = destinationWith({ id: WORKER });
    const dead: Effect = { kind: "report_dead", destination, reason: "attempts_exhausted" };
    await Promise.all(Array.from({ length: 6 }, () => runEffects(createWorld().context, [dead, dead])));
    expect(await typesWaiting()).toEqual(["delivery.dead"]);
    expect(await tables.announcements.value("count")).toBe(10);
    await Promise.all([stand.maintainAfter(61), stand.maintainAfter(0), stand.maintainAfter(0)]);
    expect(await typesWaiting()).toEqual(["delivery.dead", "delivery.dead"]);
    expect(await tables.announcements.value("count")).toBe(0);
  });
});

describe("a system event that cannot be delivered", () => {
  it.each([500, 410])("makes no other one, whatever fails (status %i)", async (status) => {
    for (const id of [WORKER, ON_CALL]) stand.statuses.set(id, status);
    await send("a");
    const first = (await typesWaiting()).length;
    expect(first).toBeGreaterThan(0);
    expect(await stand.settle()).toBeLessThanOrEqual(first + 2);
    expect(await typesWaiting()).toEqual([]);
    for (const { data } of stand.told()) expect(data).toMatchObject({ destination: { id: WORKER } });
    const about = await tables.announcements.all<{ subject: string }>();
    expect(about.map(({ subject }) => subject).filter((subject) => subject.includes(ON_CALL))).toEqual([]);
  });

  it("makes no other one in a group either", async () => {
    await tables.routes.update({ id: "rte_2" }, { group_window_seconds: 1, group_by: "all" });
    await tables.routes.update({ id: "rte_1" }, { destination_ids: [WORKER, ON_CALL] });
    contextOf(stand.world.context.env).caches.config.forget();
    stand.statuses.set(WORKER, 500);
    await send("a");
    stand.statuses.set(ON_CALL, 500);
    await stand.settle();
    const about = await tables.announcements.all<{ subject: string }>();
    expect(about.map(({ subject }) => subject)).toEqual([`delivery.dead ${WORKER}`]);
  });

  it("does not keep the failures of other events from being reported", async () => {
    stand.statuses.set(ON_CALL, 503);
    stand.statuses.set(WORKER, 503);
    await send("a");
    await deliver();
    expect(await tables.destination_health.all()).toMatchObject([{ announced: 1 }, { announced: 0 }]);
    await tables.routes.update({ id: "rte_1" }, { destination_ids: [ON_CALL] });
    contextOf(stand.world.context.env).caches.config.forget();
    stand.world.pass(60_000);
    await send("b");
    await consumeQueued(stand.world);
    const subjects = (await outboxMessages()).map(({ content }) => content.request.body);
    expect(subjects).toHaveLength(1);
    expect(subjects[0]).toContain(ON_CALL);
  });
});
