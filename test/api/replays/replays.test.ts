import { beforeEach, describe, expect, it } from "vitest";
import { contextOf, forgetContext } from "../../../src/context.ts";
import type { Delivery } from "../../../src/model/delivery.ts";
import { START_CRON } from "../../../src/maintenance/maintenance.ts";
import { maintain } from "../../support/maintenance.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { changeDestination, consume, storedDeliveries } from "../../support/deliveries.ts";
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
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, faultsOf, startedReplay, statusOf, unchecked } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";
const EVERY_MINUTE = "* * * * *";
const DEAD = { filter: { status: "dead" }, dry_run: false } as const;
const ALL = ["delivered", "dead", "cancelled"] as const;

let world: World = createWorld();

beforeEach(async () => {
  world = createWorld();
  await insertRouted(FIRST);
});

/** The administrator's client, of a gateway that sends its deliveries to the world's queue. */
function queued() {
  return clientOf({ bindings: { DELIVERIES: world.context.env.DELIVERIES } });
}

/** So many events, each with a dead delivery to the first destination, which takes everything from now on. */
async function makeDead(count: number): Promise<string[]> {
  fakeOutside();
  const messages = Array.from({ length: count }, (_, index) => eventMessage("create", `key-${index}`));
  await processBatch(world.context, messages);
  await tables.events.update({}, { rescue_at: null });
  await tables.events.edit<object[]>({}, "deliveries", ([first, ...others]) => [
    { ...first, status: "dead", reason: "attempts_exhausted", next_attempt_at: null },
    ...others,
  ]);
  world.queued.splice(0);
  return messages.map(({ id }) => id);
}

/** Has the consumer take what is queued, until nothing is, however late it is due. */
async function drain(): Promise<void> {
  for (let round = 0; world.queued.length > 0 && round < 200; round++) {
    world.pass(60_000);
    await consume(world, world.queued.splice(0));
  }
}

async function replays(): Promise<readonly Delivery[]> {
  return (await storedDeliveries()).filter((each) => each.replay_of !== null);
}

describe("a replay in bulk", () => {
  it("makes what its dry run counted, once each, and says what each repeats", async () => {
    const ids = await makeDead(7);
    const filter = { status: "dead" } as const;
    const dry = await queued().replays.create({ filter });
    expect(dry).toMatchObject({ status: 200, data: { count: 7 } });
    expect(world.queued).toEqual([]);
    const begun = await queued().replays.create({ filter, dry_run: false });
    expect(begun).toMatchObject({ status: 201, data: { count: 7, replayed: 0, failed: 0, status: "running" } });
    await drain();
    const made = await replays();
    const originals = (await storedDeliveries()).filter((each) => each.replay_of === null);
    expect(made.map((each) => each.event_id)).toEqual(ids);
    expect(made.map((each) => each.replay_of)).toEqual(originals.map((each) => each.id));
    expect(made.map((each) => each.status)).toEqual(ids.map(() => "delivered"));
    expect(originals.map((each) => each.status)).toEqual(ids.map(() => "dead"));
    expect(new Set((await storedDeliveries()).map((each) => each.id)).size).toBe(14);
    const done = await client.replays.get(startedReplay(begun).id);
    expect(unwrap(done)).toMatchObject({ status: "done", count: 7, replayed: 7, failed: 0 });
    expect(unwrap(await queued().replays.create({ filter: { status: "dead" }, dry_run: true })).count).toBe(0);
  });

  it("goes on where it was, in pages, and a page that is taken again makes nothing twice", async () => {
    await makeDead(60);
    const replay = startedReplay(await queued().replays.create({ ...DEAD, rate_per_second: 1_000 }));
    const [first] = world.queued.splice(0);
    await consume(world, [first]);
    expect(await replays()).toHaveLength(50);
    const half = unwrap(await client.replays.get(replay.id));
    expect(half).toMatchObject({ status: "running", replayed: 50, count: 60 });
    // As after a crash between making the deliveries and writing down the position.
    await tables.replays.update({}, { position: "", replayed: 0, step_at: 0 });
    await consume(world, [first]);
    expect(await replays()).toHaveLength(50);
    expect(unwrap(await client.replays.get(replay.id))).toMatchObject({ replayed: 50, failed: 0 });
    await drain();
    expect(unwrap(await client.replays.get(replay.id))).toMatchObject({ status: "done", replayed: 60 });
    expect(await replays()).toHaveLength(60);
  });

  it("whose message was lost is resumed by maintenance", async () => {
    await makeDead(3);
    await queued().replays.create(DEAD);
    world.queued.splice(0);
    for (const cron of [START_CRON, EVERY_MINUTE]) {
      world.queued.splice(0);
      await maintain(contextOf(world.context.env), cron, world.context.clock() + 60_000);
      expect(world.queued).toContainEqual({ v: 1, replay: expect.stringMatching(/^rpl_/) });
    }
    await drain();
    expect(await replays()).toHaveLength(3);
  });

  it("is made all the same while the queue takes nothing", async () => {
    await makeDead(2);
    const down = { DELIVERIES: fakeQueue("throws").queue };
    const begun = await clientOf({ bindings: down }).replays.create(DEAD);
    expect(statusOf(begun)).toBe(201);
    await maintain(contextOf(world.context.env), EVERY_MINUTE, world.context.clock() + 60_000);
    await drain();
    expect(await replays()).toHaveLength(2);
  });

  it("is no faster than it may be", async () => {
    await makeDead(10);
    await queued().replays.create({ ...DEAD, rate_per_second: 2 });
    await consume(world, world.queued.splice(0));
    const times = (await replays()).map((each) => Date.parse(each.next_attempt_at ?? ""));
    const [start = 0] = times;
    expect(times.map((time) => (time - start) / 1_000)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it("tries a destination at once whose breaker is open", async () => {
    const ids = await makeDead(12);
    const failing = { failures: 9, failing_since: Date.now(), retry_at: Date.now() + 300_000 };
    await tables.destination_health.insert({ destination_id: FIRST, ...failing });
    forgetContext();
    world = createWorld();
    await queued().replays.create({ ...DEAD, rate_per_second: 1_000 });
    for (let round = 0; round < 2; round++) await consume(world, world.queued.splice(0));
    expect((await replays()).map((each) => each.status)).toEqual(ids.map(() => "delivered"));
  });

  it("makes no more once it is cancelled", async () => {
    await makeDead(60);
    const replay = startedReplay(await queued().replays.create(DEAD));
    await consume(world, world.queued.splice(0));
    const cancelled = await queued().replays.cancel(replay.id);
    expect(cancelled).toMatchObject({ status: 200, data: { status: "cancelled", replayed: 50 } });
    await drain();
    expect(await replays()).toHaveLength(50);
    expect(unwrap(await queued().replays.cancel(replay.id)).status).toBe("cancelled");
  });

  it("leaves out what was delivered since, what is tried already, and destinations that are off", async () => {
    const [first, second] = await makeDead(3);
    await queued().events.replay(first ?? "", {});
    await drain();
    await queued().events.replay(second ?? "", {});
    const filter = { status: "dead" } as const;
    expect(unwrap(await queued().replays.create({ filter, dry_run: true })).count).toBe(1);
    await changeDestination(FIRST, "enabled", 0);
    expect(unwrap(await queued().replays.create({ filter, dry_run: true })).count).toBe(0);
  });

  it("takes what fits its filter", async () => {
    const ids = await makeDead(3);
    await insertDestination(SECOND);
    await insertRoute("rte_2", [SECOND]);
    await processBatch(world.context, [eventMessage("create", "later")]);
    const times = (await tables.events.all<{ received_at: string }>()).map(({ received_at }) => received_at);
    const [at = ""] = times;
    const count = async (filter: object): Promise<unknown> =>
      unwrap(await queued().replays.create({ filter, dry_run: true })).count;
    expect(await count({ status: "delivered" })).toBe(2);
    expect(await count({ status: "delivered", destination_id: SECOND })).toBe(1);
    expect(await count({ status: "cancelled" })).toBe(0);
    expect(await count({ status: ["dead", "cancelled"] })).toBe(3);
    expect(await count({ status: ALL })).toBe(5);
    expect(await count({ status: ALL, route_id: "rte_2" })).toBe(1);
    expect(await count({ status: ALL, route_id: "rte_none" })).toBe(0);
    // Without a status, only dead deliveries match.
    expect(await count({ integration_id: "int_test" })).toBe(3);
    expect(await count({ status: null, integration_id: "int_test" })).toBe(3);
    expect(await count({ integration_id: "int_other" })).toBe(0);
    expect(await count({ from: at })).toBe(ids.length);
    expect(await count({ status: ALL, from: at })).toBe(ids.length + 2);
    expect(await count({ from: "2999-01-01T00:00:00Z" })).toBe(0);
    expect(await count({ to: "1970-01-01T00:00:00Z" })).toBe(0);
    expect(await count({ from: "0001-01-01T00:00:00Z", to: "9999-12-31T23:59:59Z" })).toBe(3);
    expect(await count({ status: ALL, from: at, to: at })).toBe(times.filter((time) => time === at).length);
  });

  it.each([
    [{}, "filter"],
    [{ dry_run: true }, "filter"],
    [{ filter: {} }, "filter"],
    [{ filter: { status: null, from: null } }, "filter"],
    [{ filter: { status: [] } }, "filter.status"],
    [{ filter: { status: ["dead", "pending"] } }, "filter.status"],
    [{ delivery_ids: [] }, "delivery_ids"],
    [{ delivery_ids: ["evt_1"] }, "delivery_ids[0]"],
    [{ delivery_ids: ["dlv_1"], filter: { status: "dead" } }, "delivery_ids"],
    [{ filter: { status: "pending" } }, "filter.status"],
    [{ filter: { status: "lost" } }, "filter.status"],
    [{ filter: { from: "yesterday" } }, "filter.from"],
    [{ filter: { to: 5 } }, "filter.to"],
    [{ filter: { from: "2026-02-01T00:00:00Z", to: "2026-01-01T00:00:00Z" } }, "filter.to"],
    [{ filter: { event_id: "evt_1" } }, "filter.event_id"],
    [{ filter: [] }, "filter"],
    [{ filter: { status: "dead" }, dry_run: "yes" }, "dry_run"],
    [{ filter: { status: "dead" }, rate_per_second: 0 }, "rate_per_second"],
  ])("that is asked for as %j is refused", async (body, path) => {
    const reply = await queued().replays.create(unchecked(body));
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual([path]);
  });

  it("starts only if dry_run is false", async () => {
    await makeDead(2);
    expect(await queued().replays.create({ filter: { status: "dead" } })).toMatchObject({
      status: 200,
      data: { count: 2, count_is_exact: true, unknown_delivery_ids: [] },
    });
    expect(world.queued).toEqual([]);
    expect(await replays()).toEqual([]);
  });

  it("takes the deliveries that it names", async () => {
    await makeDead(3);
    const [first, , third] = (await storedDeliveries()).map(({ id }) => id);
    const delivery_ids = [first ?? "", third ?? "", "dlv_none"];
    expect(unwrap(await queued().replays.create({ delivery_ids }))).toMatchObject({
      count: 2,
      filter: { delivery_ids },
      unknown_delivery_ids: ["dlv_none"],
    });
    await queued().replays.create({ delivery_ids, dry_run: false });
    await drain();
    expect((await replays()).map(({ replay_of }) => replay_of)).toEqual([first, third]);
  });

  it("takes a thousand ids, and exactly one of filter and ids", async () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => `dlv_${index}`);
    const none = unwrap(await queued().replays.create({ delivery_ids: ids.slice(1) }));
    expect(none).toMatchObject({ count: 0, unknown_delivery_ids: ids.slice(1) });
    expect(statusOf(await queued().replays.create({ delivery_ids: ids }))).toBe(400);
    expect(statusOf(await queued().replays.create({ delivery_ids: [] }))).toBe(400);
    const both = await queued().replays.create({ delivery_ids: ["dlv_1"], filter: { status: "dead" } });
    expect(faultsOf(both)).toEqual(["delivery_ids"]);
  });

  it("takes its deliveries from the list of outstanding ones, and from what is dead in the reconciliation", async () => {
    await makeDead(3);
    const [first] = await storedDeliveries();
    const outstanding = async (): Promise<unknown[]> =>
      (await Array.fromAsync(client.deliveries.all({ outstanding: "true", limit: 2 }))).map((row) => row.id);
    expect(await outstanding()).toHaveLength(3);
    await queued().replays.create({ delivery_ids: [first?.id ?? ""], dry_run: false });
    await drain();
    expect(await outstanding()).toHaveLength(2);
    expect(await outstanding()).not.toContain(first?.id);
    const [replay] = await replays();
    const shown = await client.deliveries.get(first?.id ?? "");
    expect(unwrap(shown)).toMatchObject({ status: "dead", replayed_by: replay?.id });
    expect(
      await Array.fromAsync(client.deliveries.all({ outstanding: "true", destination_id: FIRST, limit: 50 })),
    ).toHaveLength(2);
    expect(await Array.fromAsync(client.deliveries.all({ status: "dead", limit: 50 }))).toHaveLength(3);
    expect(
      await Array.fromAsync(client.deliveries.all({ status: "delivered", outstanding: "true", limit: 50 })),
    ).toEqual([]);
    const counts = { accepted: 4, delivered: 1, dead: 2, pending: 0, cancelled: 1, balanced: true };
    expect(unwrap(await client.reconciliation.get())).toMatchObject(counts);
  });

  it("is listed, newest first, and one that does not exist is 404", async () => {
    const ids: unknown[] = [];
    for (let index = 0; index < 3; index++) ids.unshift(startedReplay(await queued().replays.create(DEAD)).id);
    expect((await Array.fromAsync(client.replays.all({ limit: 2 }))).map((row) => row.id)).toEqual(ids);
    expect(statusOf(await client.replays.get("rpl_1"))).toBe(404);
    expect(statusOf(await queued().replays.cancel("rpl_1"))).toBe(404);
  });

  it("is begun once under one Idempotency-Key", async () => {
    await makeDead(1);
    const key = { idempotency_key: "once" };
    const first = await queued().replays.create(DEAD, key);
    const again = await queued().replays.create(DEAD, key);
    expect(unwrap(again)).toEqual(unwrap(first));
    expect(await Array.fromAsync(client.replays.all({ limit: 50 }))).toHaveLength(1);
  });
});
