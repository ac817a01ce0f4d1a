import { contextOf } from "../../src/context.ts";
import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { type EventMessage, transformedKeys } from "../../src/model/event.ts";
import { type IdMinter, alertIdOf, createIdMinter } from "../../src/model/ids.ts";
import { readTotals } from "../../src/storage/maintenance/reconciliation.ts";
import { maintain } from "../support/maintenance.ts";
import { client, clientOf } from "../support/api.ts";
import { consumeQueued, onlyDelivery, storeLarge, takeEvents } from "../support/deliveries.ts";
import {
  type Seen,
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  storedAlerts,
  storedEvents,
} from "../support/world.ts";
import { type TableName, tables } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const DAY = 86_400_000;
const MINUTE = 60_000;

/** Makes ids at a world's time. */
function minterOf({ context }: World): IdMinter {
  return createIdMinter(context.clock, (length) => crypto.getRandomValues(new Uint8Array(length)));
}

let world: World = createWorld();
let mint = minterOf(world);
let seen: Seen[] = [];
let status = 200;

beforeEach(async () => {
  status = 200;
  world = createWorld();
  mint = minterOf(world);
  seen = fakeOutside(() => new Response("", { status }));
  await insertRouted(DESTINATION);
});

/** The same event, received at the world's time. */
function now(message: EventMessage): EventMessage {
  const { id, at_ms } = mint("evt");
  return { ...message, id, received_at: new Date(at_ms).toISOString() };
}

async function pass(days: number): Promise<void> {
  world.pass(days * DAY);
  for (let minute = 0; minute < 3; minute++) {
    world.pass(MINUTE);
    await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
  }
}

async function count(table: TableName): Promise<number> {
  return await tables[table].count();
}

describe("retention", () => {
  it("deletes older events with their histories, alerts and idempotency keys, and no others", async () => {
    const old = [
      eventMessage("create", "disk", { repeat_key: "one" }),
      eventMessage("resolve", "disk", { repeat_key: "two" }),
    ];
    await processBatch(world.context, old);
    await pass(20);
    const young = [
      now(eventMessage("create", "cpu", { repeat_key: "one" })),
      now(eventMessage("create", "ram", { repeat_key: "three" })),
    ];
    await processBatch(world.context, young);
    expect(await storedEvents()).toHaveLength(3);
    await pass(11);
    expect((await storedEvents()).map((event) => event.id)).toEqual([young[1]?.id]);
    expect((await storedAlerts()).map((alert) => alert.key)).toEqual(["ram"]);
    expect(await count("alert_histories")).toBe(1);
    expect(await count("inbound_idempotency_keys")).toBe(1);
  });

  it("leaves the totals balanced, with replays", async () => {
    const balance = async (): Promise<unknown> => {
      const { accepted, outcomes } = await readTotals(asShard(env.DB), world.context.clock());
      return [accepted, Object.values(outcomes).reduce((sum, each) => sum + each, 0)];
    };
    const [first, second] = [eventMessage("create", "disk"), eventMessage("create", "cpu")];
    await processBatch(world.context, [first, second]);
    expect(await balance()).toEqual([2, 2]);
    const bindings = { DELIVERIES: world.context.env.DELIVERIES };
    await clientOf({ bindings }).events.replay(first.id);
    await clientOf({ bindings }).replays.create({ filter: { status: "delivered" }, dry_run: false });
    for (let round = 0; world.queued.length > 0 && round < 10; round++) await consumeQueued(world);
    // One by hand, and one in bulk for each event.
    expect(await balance()).toEqual([5, 5]);
    await client.events.erase(second.id);
    expect(await balance()).toEqual([5, 5]);
    await pass(20);
    await processBatch(world.context, [now(eventMessage("create", "ram"))]);
    await pass(11);
    expect(await balance()).toEqual([1, 1]);
  });

  it("keeps an event while a delivery of it is pending", async () => {
    status = 503;
    await processBatch(world.context, [eventMessage("create", "disk")]);
    await pass(31);
    expect(await storedEvents()).toHaveLength(1);
    expect((await onlyDelivery()).status).toBe("pending");
  });

  it("deletes bodies in R2 with their events, and those that no event refers to", async () => {
    const { message, reference } = await storeLarge();
    await takeEvents(world.context, [{ body: reference }]);
    const orphan = eventMessage("create", "disk");
    await env.BODIES.put(`events/${orphan.id}`, "{}");
    await env.BODIES.put(`documents/${orphan.id}`, "text");
    world.pass(20 * DAY);
    const young = now(eventMessage("create", "disk"));
    await env.BODIES.put(`events/${young.id}`, "{}");
    await pass(11);
    expect(message.id < young.id).toBe(true);
    expect((await env.BODIES.list()).objects.map(({ key }) => key)).toEqual([
      `documents/${orphan.id}`,
      `events/${young.id}`,
    ]);
  });

  it("keeps the body of an event that still waits in the outbox, or has a delivery pending", async () => {
    status = 503;
    const { reference } = await storeLarge();
    await takeEvents(world.context, [{ body: reference }]);
    const waiting = eventMessage("create", "cpu");
    await env.BODIES.put(`events/${waiting.id}`, "{}");
    // After a transformation, the content of an event has another key.
    await env.BODIES.put(transformedKeys(reference.id).changed, "{}");
    await env.BODIES.put(transformedKeys(eventMessage("create", "ram").id).changed, "{}");
    await tables.outbox.insert({ id: waiting.id, send_at: 9e15 });
    await pass(31);
    const kept = [reference.stored_at, transformedKeys(reference.id).changed, `events/${waiting.id}`];
    expect((await env.BODIES.list()).objects.map(({ key }) => key)).toEqual(kept.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it("deletes in more than one step if many rows have expired", async () => {
    const messages = Array.from({ length: 1_200 }, (_, index) => eventMessage("resolve", `key-${index}`));
    for (let start = 0; start < messages.length; start += 100) {
      await processBatch(world.context, messages.slice(start, start + 100));
    }
    expect(await count("alert_histories")).toBe(1_200);
    await pass(31);
    expect(await count("events")).toBe(0);
    expect(await count("alert_histories")).toBe(0);
  });

  it("prunes once a minute, however often maintenance runs", async () => {
    await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
    const before = await tables.maintenance_tasks.value("next_at");
    world.pass(3_000);
    await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
    expect(await tables.maintenance_tasks.value("next_at")).toBe(before);
  });

  it("deletes expired rows of every other table, and no others", async () => {
    const at = (days: number): string => new Date(world.context.clock() + days * DAY).toISOString();
    const old = at(0);
    const young = at(20);
    const of = { integration_id: "int_1" };
    const group = { route_id: "rte_1", ...of, group_key: "k", destination_ids: [], opened_at: 0 };
    for (const [name, time] of [
      ["old", old],
      ["young", young],
    ] as const) {
      const isOld = name === "old";
      await tables.dead_letters.insert({ id: name, received_at: time });
      await tables.api_idempotency_keys.insert({ idempotency_key: name, created_at: isOld ? old : at(31) });
      await tables.integration_addresses.insert({ address: name, ...of, expires_at: isOld ? young : at(90) });
      const expires_at = Date.parse(isOld ? old : at(90));
      await tables.oauth_requests.insert({ state_hash: name, destination_id: "dst_1", sealed: "s", expires_at });
      world.pass(isOld ? 0 : 20 * DAY);
      await tables.replays.insert({ id: mint("rpl").id, created_at: time, updated_at: time });
      const event_id = mint("evt").id;
      await tables.groups.insert({ id: name, ...group, closed: true, closes_at: 0, event_id });
      await tables.group_members.insert({ group_id: name, event_id });
    }
    await tables.integration_addresses.insert({ address: "current", ...of });
    await tables.groups.insert({ id: "open", ...group, closes_at: 9e15 });
    await pass(11);
    for (const table of [
      "dead_letters",
      "api_idempotency_keys",
      "replays",
      "oauth_requests",
      "group_members",
    ] as const) {
      expect([table, await count(table)]).toEqual([table, 1]);
    }
    expect(await count("groups")).toBe(2);
    expect(await count("integration_addresses")).toBe(2);
  });

  it("deletes the aliases of deleted histories, and keeps the others", async () => {
    const shared = (key: string, aliases: readonly string[]): EventMessage => {
      const message = eventMessage("create", key);
      const { signal } = message.content;
      if (!("fields" in signal)) throw new Error("no create");
      return { ...message, content: { ...message.content, signal: { ...signal, namespace: "*", aliases } } };
    };
    const resolve = (key: string): EventMessage => {
      const message = eventMessage("resolve", key);
      const { signal } = message.content;
      if (signal.action !== "resolve") throw new Error("no resolve");
      return { ...message, content: { ...message.content, signal: { ...signal, namespace: "*" } } };
    };
    await processBatch(world.context, [shared("a", ["b"])]);
    await processBatch(world.context, [shared("b", ["c"])]);
    await processBatch(world.context, [shared("x", ["y"])]);
    await processBatch(world.context, [resolve("c")]);
    expect(await count("alert_aliases")).toBe(3);
    await pass(31);
    expect(await count("alert_aliases")).toBe(1);
    await processBatch(world.context, [now(resolve("y"))]);
    expect(await storedAlerts()).toMatchObject([{ status: "resolved", key: "x" }]);
  });
});

describe("an alert that is open for longer than the retention", () => {
  it("stays as it is, and takes a repeat, an update, an acknowledge and a resolve", async () => {
    const opener = eventMessage("create", "disk", { title: "Since long ago" });
    await processBatch(world.context, [opener, eventMessage("create", "disk")]);
    await pass(31);
    expect(await storedEvents()).toEqual([]);
    const id = alertIdOf(opener.id);
    expect(await storedAlerts()).toMatchObject([{ id, status: "open", dedup_count: 1 }]);
    expect(await tables.alert_histories.value("log")).toBe("{}");
    expect(JSON.parse(String(await tables.alert_histories.value("compacted")))).toMatchObject({
      episode: { opened_by: opener.id, status: "open", dedup_count: 1 },
    });
    await pass(1);

    seen.splice(0);
    const steps = [
      eventMessage("create", "disk", { title: "Not shown" }),
      eventMessage("acknowledge", "disk"),
      eventMessage("update", "disk", { title: "News" }),
      eventMessage("resolve", "disk"),
    ].map(now);
    for (const step of steps) expect(await processBatch(world.context, [step])).toEqual(new Set());
    expect((await storedEvents()).map((event) => [event.outcome, event.alert_id])).toEqual([
      ["repeated", id],
      ["acknowledged", id],
      ["updated", id],
      ["resolved", id],
    ]);
    expect(await storedAlerts()).toMatchObject([{ id, status: "resolved", dedup_count: 2 }]);
    const told = seen.map(({ body }) => JSON.parse(body)).map(({ type, data }) => [type, data.alert.title]);
    expect(told).toEqual([
      ["alert.acknowledged", "Since long ago"],
      ["alert.updated", "News"],
      ["alert.resolved", "News"],
    ]);
    await pass(31);
    expect([await count("alerts"), await count("alert_histories"), await count("events")]).toEqual([0, 0, 0]);
  });

  it("accepts an event that arrives so late that its opener is gone", async () => {
    const opener = eventMessage("create", "disk", { title: "First" });
    await processBatch(world.context, [opener]);
    world.pass(MINUTE);
    const late = now(eventMessage("acknowledge", "disk"));
    world.pass(10 * DAY);
    const update = now(eventMessage("update", "disk", { title: "Second" }));
    await processBatch(world.context, [update]);
    await pass(25);
    expect((await storedEvents()).map((event) => event.id)).toEqual([update.id]);
    expect(await processBatch(world.context, [late])).toEqual(new Set());
    expect((await storedEvents()).map((event) => event.outcome)).toEqual(["acknowledged", "updated"]);
    expect(await storedAlerts()).toMatchObject([{ status: "acknowledged" }]);
  });
});
