import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { toQueuedEvent } from "../../src/ingest/queued-event.ts";
import { parseEventMessage } from "../../src/model/event.ts";
import { insertOutbox } from "../../src/storage/pipeline/outbox.ts";
import { type Fate, deadLetters, storeLarge, takeEvents, unreadableBodies } from "../support/deliveries.ts";
import { fakeQueue } from "../support/bindings.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRouted,
  storedEvents,
} from "../support/world.ts";
import { tables } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const ACKED: Fate = { kind: "acked" };

describe("an event that is stored in R2", () => {
  it("is processed with its content, and its row holds the key only", async () => {
    await insertRouted(DESTINATION);
    const seen = fakeOutside();
    const { reference: stored } = await storeLarge();
    expect(
      await takeEvents(createWorld().context, [{ body: stored }, { body: eventMessage("create", "cpu") }]),
    ).toEqual([ACKED, ACKED]);
    expect(seen.filter((each) => each.body.length > 150_000)).toHaveLength(1);
    expect(seen).toHaveLength(2);
    const content = await tables.events.value("content", { id: stored.id });
    expect(content).toBe(JSON.stringify({ stored_at: stored.stored_at, characters: 150_047 }));
  });

  it("of one integration does not make those of another wait", async () => {
    const { context } = createWorld();
    const large = await Promise.all(
      ["int_a", "int_a", "int_a", "int_b"].map(async (integration_id) => {
        const { message } = await storeLarge(integration_id, 1_500_000);
        const shrunk = await toQueuedEvent(env.BODIES, { ...message, integration_id }, 1_000);
        if (shrunk.kind !== "done") throw new Error("not stored");
        return parseEventMessage(shrunk.value.text);
      }),
    );
    const read: string[] = [];
    const bodies = new Proxy(env.BODIES, {
      get: (target, name) =>
        name === "get"
          ? (key: string) => {
              const index = large.findIndex((each) => each !== null && "stored_at" in each && each.stored_at === key);
              read.push(large[index]?.integration_id ?? "none");
              return target.get(key);
            }
          : Reflect.get(target, name),
    });
    const { integration_id: _, ...old } = large[0] ?? {};
    await takeEvents(
      { ...context, bodies },
      [...large, old].map((body) => ({ body })),
    );
    expect(read.slice(0, 3).toSorted()).toEqual(["int_a", "int_a", "int_b"]);
    expect(await storedEvents()).toHaveLength(4);
  });

  it("is retried while R2 cannot be read", async () => {
    const { reference: stored } = await storeLarge();
    const fates = await takeEvents(createWorld({ BODIES: unreadableBodies() }).context, [
      { body: stored, attempts: 2 },
    ]);
    expect(fates).toEqual([{ kind: "retried", delay_seconds: 4 }]);
  });

  it("and was deleted does not stay in the outbox for ever", async () => {
    const { reference: stored } = await storeLarge();
    await insertOutbox(asShard(env.DB), [{ id: stored.id, message: JSON.stringify(stored), send_at: 0 }]);
    await env.BODIES.delete(stored.stored_at);
    expect(await takeEvents(createWorld().context, [{ body: stored }])).toEqual([ACKED]);
    expect(await tables.outbox.count()).toBe(0);
  });

  it("in an unknown form is recorded as a dead letter, not taken for erased", async () => {
    const { reference: stored } = await storeLarge();
    await env.BODIES.put(stored.stored_at, JSON.stringify({ v: 2, id: stored.id }));
    await takeEvents(createWorld().context, [{ body: stored }]);
    expect(await deadLetters()).toMatchObject([{ queue: "hookgate-events", message: JSON.stringify(stored) }]);
  });

  it("and is erased later does not block earlier events of its alert", async () => {
    const { context } = createWorld();
    const earlier = eventMessage("create", "disk");
    const { reference: stored } = await storeLarge();
    await takeEvents(context, [{ body: stored }]);
    await env.BODIES.delete(stored.stored_at);
    expect(await takeEvents(context, [{ body: earlier }])).toEqual([ACKED]);
    expect((await storedEvents()).map((event) => event.outcome)).toEqual(["created", "repeated"]);
  });
});

describe("the allowance of work", () => {
  it("suffices for an event of the largest binary body, which has 14 million characters in base64", async () => {
    const { reference } = await storeLarge("binary", Math.ceil((10 * 1024 * 1024 * 4) / 3));
    const events = fakeQueue();
    await takeEvents(createWorld({ EVENTS: events.queue }).context, [{ body: reference }]);
    expect(events.sent).toEqual([]);
    expect(await storedEvents()).toHaveLength(1);
  });

  it("goes to events in R2 first in some batches, so that costly ones in the queue do not use it up each time", async () => {
    const { reference } = await storeLarge("stored", 200_000);
    const items = Array.from({ length: 1_200 }, () => ({ a: "x7", b: { c: 7 } }));
    const terms = Array.from({ length: 300 }, (_, index) => ({ "data.event.payload.items.b.c": -1 - index }));
    await insertDestination(DESTINATION);
    const match = JSON.stringify({ $or: terms });
    for (let route = 0; route < 10; route++) {
      await tables.routes.insert({ id: `rte_${route}`, destination_ids: [DESTINATION], match });
    }
    const costly = Array.from({ length: 20 }, (_, index) => {
      const message = eventMessage("create", `costly-${index}`);
      const request = { ...message.content.request, body: JSON.stringify({ items }) };
      return { body: { ...message, content: { ...message.content, request } } };
    });
    const events = fakeQueue();
    const { context } = createWorld({ EVENTS: events.queue });
    await takeEvents(context, [...costly, { body: reference }]);
    expect(events.sent.length).toBeGreaterThan(0);
    expect((await storedEvents()).map(({ id }) => id)).not.toContain(reference.id);
    await takeEvents({ ...context, random: () => 0.9 }, [...costly, { body: reference }]);
    expect((await storedEvents()).map(({ id }) => id)).toContain(reference.id);
  });
});

describe("events that are stored in R2", () => {
  /** Returns how many transactions it takes to process events with this many characters each. */
  async function transactionsFor(lengths: readonly number[], withBytes = true): Promise<number> {
    const stored = [];
    for (const [index, length] of lengths.entries()) stored.push((await storeLarge(`key ${index}`, length)).reference);
    const { context } = createWorld();
    await context.caches.config.load();
    await context.keys.ready();
    const batch = vi.spyOn(env.DB, "batch");
    const messages = stored.map(({ bytes, ...reference }) => ({
      body: withBytes ? { ...reference, bytes } : reference,
    }));
    const fates = await takeEvents(context, messages);
    expect(fates).toEqual(lengths.map(() => ACKED));
    expect(await storedEvents()).toHaveLength(lengths.length);
    return batch.mock.calls.length;
  }

  it("are processed together if they are short", async () => {
    expect(await transactionsFor(Array.from({ length: 30 }, () => 2_000))).toBe(2);
  });

  it("are processed in parts that fit into the memory of an isolate", async () => {
    expect(await transactionsFor([900_000, 900_000, 900_000, 2_500_000, 2_000])).toBe(2 * 4);
  });

  it.each([0, -5_000_000, 0.5])("are processed even if their message claims %s bytes", async (bytes) => {
    const references = [await storeLarge("a", 2_000), await storeLarge("b", 2_000)].map(({ reference }) => reference);
    const messages = references.map((reference) => ({ body: { ...reference, bytes } }));
    expect(await takeEvents(createWorld().context, messages)).toEqual([ACKED, ACKED]);
    expect(await storedEvents()).toHaveLength(2);
  });

  it("are processed one at a time if their length is unknown", async () => {
    expect(await transactionsFor([2_000, 2_000, 2_000], false)).toBe(2 * 3);
  });
});
