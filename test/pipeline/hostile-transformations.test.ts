import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { contextOf } from "../../src/context.ts";
import type { EventMessage } from "../../src/model/event.ts";
import { itemIdOf } from "../../src/model/ids.ts";
import { readRuns } from "../../src/storage/config/transformation-runs.ts";
import { transformationRunnerOf } from "../../src/transformations/runner.ts";
import { client } from "../support/api.ts";
import { call, openGateway, openLine } from "../support/flow.ts";
import { takeEvents } from "../support/deliveries.ts";
import { tables } from "../support/tables.ts";
import { insertBody } from "../support/transformations.ts";
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

/** Starts the processes, which takes longer than the calls of a batch may. */
async function warmUp(): Promise<void> {
  const runner = transformationRunnerOf(env);
  const context = { now: "2026-11-29T20:00:00.000Z", seed: "s" };
  const codes = [1, 2, 3, 4].map((n) => `export default () => ${n};`);
  await Promise.all(codes.map(async (code) => runner?.run({ code, input: 1, context })));
}

describe("a hundred events for an endless loop", () => {
  it("do not delay the events of others, and each keeps its fault", async () => {
    await insertRouted("dst_0000000000000000000000000001");
    const hostile = await insertBody("for (;;);", "Hostile");
    await attach(HOSTILE, hostile);
    await attach(GOOD, await insertBody("event.payload.good = true; return event;", "Good"));
    await warmUp();
    const seen = fakeOutside();
    const log = watchLog();
    const world = createWorld();
    const messages = [
      ...Array.from({ length: 90 }, (_, index) => messageOf(HOSTILE, index)),
      ...Array.from({ length: 5 }, (_, index) => messageOf(GOOD, index)),
      ...Array.from({ length: 5 }, (_, index) => messageOf(PLAIN, index)),
    ];
    const fates = await takeEvents(
      world.context,
      messages.map((body) => ({ body })),
    );
    expect(new Set(fates.map(({ kind }) => kind))).toEqual(new Set(["acked"]));
    // The first batch is that of the events without a transformation.
    const batches = log.filter(({ event }) => event === "events.processed");
    expect(batches[0]).toMatchObject({ count: 5 });
    expect(seen.filter(({ body }) => body.includes('"good":true'))).toHaveLength(5);
    expect(seen).toHaveLength(10);
    // Few were run: the others failed without a call, or come again.
    expect((await readRuns(world.context.primary, hostile)).length).toBeLessThan(10);
    const failed = await tables.events.all({ integration_id: HOSTILE });
    expect(failed.length).toBeGreaterThan(0);
    expect(new Set(failed.map(({ outcome }) => outcome))).toEqual(new Set(["transformation_failed"]));
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
