import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { contextOf } from "../../src/context.ts";
import type { EventMessage } from "../../src/model/event.ts";
import { itemIdOf } from "../../src/model/ids.ts";
import { readRuns } from "../../src/storage/config/transformation-runs.ts";
import { retransform } from "../../src/pipeline/retransform.ts";
import { findEvent } from "../../src/storage/events/log.ts";
import { client } from "../support/api.ts";
import { fakeQueue } from "../support/bindings.ts";
import { call, openGateway, openLine } from "../support/flow.ts";
import { takeEvents } from "../support/deliveries.ts";
import { balanceOf, moveAll, withHotHours } from "../support/segments.ts";
import { tables } from "../support/tables.ts";
import { changeBody, insertBody } from "../support/transformations.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch, storedEvents } from "../support/world.ts";

const HOSTILE = "int_hostile";
const GOOD = "int_good";
const PLAIN = "int_plain";

function messageOf(integration_id: string, index: number): EventMessage {
  const message = eventMessage("create", `${integration_id}-${index}`);
  const request = { ...message.content.request, body: JSON.stringify({ n: index }) };
  const signal = { action: "receive", note: null } as const;
  return { ...message, integration_id, content: { ...message.content, request, signal } };
}

async function attach(integration_id: string, transformation_id: string): Promise<void> {
  await tables.integrations.insert({ id: integration_id, transformation_id });
  contextOf(env).caches.config.forget();
}

/** Keeps what the gateway logs. */
function watchLog(): { readonly event: string; readonly count: number }[] {
  const lines: { event: string; count: number }[] = [];
  vi.spyOn(console, "info").mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  vi.spyOn(console, "warn").mockImplementation(() => {});
  return lines;
}

describe("a hundred events for an endless loop", () => {
  it("do not delay the events of others, and each keeps its fault", async () => {
    await insertRouted("dst_0000000000000000000000000001");
    const hostile = await insertBody("for (;;);", "Hostile");
    await attach(HOSTILE, hostile);
    await attach(GOOD, await insertBody("event.payload.good = true; return event;", "Good"));
    const seen = fakeOutside();
    const log = watchLog();
    const world = createWorld();
    // The time that a batch gives to calls does not pass, so that a busy machine changes nothing.
    const now = Date.now();
    const context = { ...world.context, clock: () => now };
    const messages = [
      ...Array.from({ length: 90 }, (_, index) => messageOf(HOSTILE, index)),
      ...Array.from({ length: 5 }, (_, index) => messageOf(GOOD, index)),
      ...Array.from({ length: 5 }, (_, index) => messageOf(PLAIN, index)),
    ];
    const fates = await takeEvents(
      context,
      messages.map((body) => ({ body })),
    );
    expect(new Set(fates.map(({ kind }) => kind))).toEqual(new Set(["acked"]));
    // The first batch is that of the events without a transformation.
    const batches = log.filter(({ event }) => event === "events.processed");
    expect(batches[0]).toMatchObject({ count: 5 });
    expect(seen.filter(({ body }) => body.includes('"good":true'))).toHaveLength(5);
    expect(seen).toHaveLength(10);
    // Few were run: the others failed without a call.
    expect((await readRuns(world.context.primary, hostile)).length).toBeLessThan(10);
    const failed = await tables.events.all({ integration_id: HOSTILE });
    expect(failed).toHaveLength(90);
    expect(new Set(failed.map(({ outcome }) => outcome))).toEqual(new Set(["transformation_failed"]));
  });
});

describe("a batch whose time for calls is over", () => {
  it("leaves the calls that have not begun to a later message, and the first one always begins", async () => {
    await attach(GOOD, await insertBody("return event;"));
    watchLog();
    const sent = fakeQueue();
    const world = createWorld({ EVENTS: sent.queue });
    let now = Date.now();
    const context = { ...world.context, clock: () => (now += 400) };
    const bodies = Array.from({ length: 10 }, (_, index) => ({ body: messageOf(GOOD, index) }));
    await takeEvents({ ...context, shard: { ...context.shard, events: sent.queue } }, bodies);
    const recorded = (await storedEvents()).length;
    expect(recorded).toBeGreaterThan(0);
    expect(recorded).toBeLessThan(10);
    expect(recorded + sent.sent.length).toBe(10);
  });
});

describe("a runtime that is not there", () => {
  it("is no fault of the code: the events come again, and fail after many tries", async () => {
    await attach(GOOD, await insertBody("return event;"));
    watchLog();
    const world = createWorld();
    const without = { ...world.context, env: { ...world.context.env } };
    Reflect.deleteProperty(without.env, "TRANSFORMATIONS");
    Reflect.deleteProperty(without.env, "LOADER");
    const body = messageOf(GOOD, 1);
    expect(await takeEvents(without, [{ body }])).toMatchObject([{ kind: "retried" }]);
    expect(await storedEvents()).toEqual([]);
    expect(await takeEvents(without, [{ body, attempts: 12 }])).toMatchObject([{ kind: "acked" }]);
    expect(await storedEvents()).toMatchObject([{ outcome: "transformation_failed" }]);
    // The message that comes once more finds the runtime.
    expect(await takeEvents(world.context, [{ body }])).toMatchObject([{ kind: "acked" }]);
    expect(await storedEvents()).toMatchObject([{ outcome: "received" }]);
  });
});

describe("a message that comes again", () => {
  it("makes the same items, and only those that are missing", async () => {
    await attach(GOOD, await insertBody("return [1, 2, 3].map((n) => ({ payload: { n } }));"));
    const { context } = createWorld();
    const message = messageOf(GOOD, 1);
    await processBatch(context, [message]);
    const ids = [0, 1, 2].map((index) => itemIdOf(message.id, index));
    const before = await storedEvents();
    expect(before.map(({ id }) => id)).toEqual(ids.toSorted());
    await processBatch(context, [message]);
    expect(await storedEvents()).toEqual(before);
    expect(await tables.outbox.all()).toEqual([]);
  });

  it("has ids of items that differ", () => {
    const { id } = messageOf(GOOD, 1);
    const ids = Array.from({ length: 100 }, (_, index) => itemIdOf(id, index));
    expect(new Set(ids).size).toBe(100);
    for (const each of ids) expect(each).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{28}$/);
  });
});

describe("a repeat", () => {
  it("runs no code", async () => {
    const id = await insertBody("console.log('run'); return event;");
    const line = await openLine("catch", {}, { transformation_id: id });
    for (let i = 0; i < 3; i++) await line.send({ a: 1 }, { headers: { "idempotency-key": "k1" } });
    expect(await readRuns(contextOf(env).primary, id)).toHaveLength(1);
    expect(await line.events()).toHaveLength(1);
  });
});

describe("a transformation that begins to fail", () => {
  it("is reported once, until it works again", async () => {
    const gateway = await openGateway(["transformation.failing", "event.received"]);
    const id = await insertBody("if (event.payload.bad) throw new Error('no'); return event;", "Fragile");
    const line = await gateway.open("catch", {}, { transformation_id: id });
    for (const bad of [true, true, false, true]) {
      await call(`/integration/${line.id}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ bad }),
      });
      await gateway.drain();
    }
    const events = unwrap(await client.events.list({ type: "transformation.failing" })).data;
    expect(events.map(({ payload }) => payload)).toMatchObject([
      { transformation: { id, name: "Fragile" }, reason: "Error: no" },
      { transformation: { id, name: "Fragile" }, reason: "Error: no" },
    ]);
  });
});

describe("events whose transformation failed", () => {
  it("count as dead in segments as in D1, and can be replayed from there", async () => {
    const id = await insertBody("throw new Error('no');");
    await attach(GOOD, id);
    watchLog();
    fakeOutside();
    const world = createWorld();
    await insertRouted("dst_0000000000000000000000000001");
    const message = messageOf(GOOD, 1);
    await processBatch(world.context, [message, messageOf(PLAIN, 2)]);
    const before = await balanceOf(world.context);
    expect(before).toMatchObject({ accepted: 2, delivered: 1, dead: 1, ignored: 0, balanced: true });
    world.pass(3_600_000);
    expect(await moveAll(withHotHours(world.context, 0))).toBe(2);
    expect(await storedEvents()).toEqual([]);
    expect(await balanceOf(world.context)).toEqual(before);
    await changeBody(id, "return event;");
    const event = await findEvent(world.context, message.id);
    if (event?.content === undefined || event.content === null) throw new Error("The event has no content.");
    await retransform(world.context, [{ ...message, content: event.content }]);
    expect(await balanceOf(world.context)).toMatchObject({ accepted: 2, delivered: 2, dead: 0, balanced: true });
  });
});
