import { contextOf } from "../../src/context.ts";
import { asShard } from "../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { parseDeliveryMessage } from "../../src/model/delivery.ts";
import type { EventMessage } from "../../src/model/event.ts";
import { processEvents } from "../../src/pipeline/process-events.ts";
import { insertOutbox } from "../../src/storage/pipeline/outbox.ts";
import { START_CRON } from "../../src/maintenance/maintenance.ts";
import { maintain } from "../support/maintenance.ts";
import { bindingsWith, fakeDatabase, fakeQueue } from "../support/bindings.ts";
import { consume, onlyDelivery, storedDeliveries } from "../support/deliveries.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  insertRouted,
  processBatch,
} from "../support/world.ts";
import { tables } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const EVERY_MINUTE = "* * * * *";
const MINUTE = 60_000;

type OutboxState = { readonly id: string; readonly sends: number; readonly send_at: number };

async function outboxRows(): Promise<OutboxState[]> {
  const rows = await tables.outbox.all<OutboxState>();
  return rows.map(({ id, sends, send_at }) => ({ id, sends, send_at }));
}

async function keep(message: EventMessage, send_at: number): Promise<void> {
  await insertOutbox(asShard(env.DB), [{ id: message.id, message: JSON.stringify(message), send_at }]);
}

/** Makes `count` events, each with a delivery that waits for its second attempt. */
async function startFailing(count = 1, changes: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  await insertRouted(DESTINATION);
  const world = createWorld(changes);
  fakeOutside(() => new Response("", { status: 503 }));
  await processBatch(
    world.context,
    Array.from({ length: count }, (_, index) => eventMessage("create", `key-${index}`)),
  );
  return world;
}

function deliveryIds(sent: readonly unknown[]): string[] {
  return sent.map((body) => parseDeliveryMessage(body)?.delivery_id ?? "").toSorted();
}

describe("overdue deliveries", () => {
  it("are enqueued after the queue refused them, and then attempted", async () => {
    const world = await startFailing(1, { DELIVERIES: fakeQueue("throws").queue });
    const { id } = await onlyDelivery();
    const queue = fakeQueue();
    const bindings = bindingsWith({ DELIVERIES: queue.queue });
    await maintain(contextOf(bindings), EVERY_MINUTE, world.context.clock());
    expect(queue.sent).toEqual([]);
    world.pass(2 * MINUTE);
    await maintain(contextOf(bindings), EVERY_MINUTE, world.context.clock());
    expect(queue.sent).toEqual([{ v: 1, delivery_id: id, attempts: 1 }]);
    await consume(world, queue.sent);
    expect((await onlyDelivery()).attempts).toHaveLength(2);
  });

  it("are not enqueued by every run, but again if they stay overdue", async () => {
    const world = await startFailing();
    const { sent, queue } = fakeQueue();
    const bindings = bindingsWith({ DELIVERIES: queue });
    const counts: number[] = [];
    for (let minute = 0; minute < 13; minute++) {
      world.pass(MINUTE);
      await maintain(contextOf(bindings), EVERY_MINUTE, world.context.clock());
      counts.push(sent.length);
    }
    expect(counts).toEqual([0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3]);
  });

  it("of many events are each enqueued once by one run", async () => {
    const world = await startFailing(230);
    const ids = (await storedDeliveries()).map((each) => each.id).toSorted();
    const { sent, queue } = fakeQueue();
    world.pass(2 * MINUTE);
    await maintain(contextOf(bindingsWith({ DELIVERIES: queue })), EVERY_MINUTE, world.context.clock());
    expect(deliveryIds(sent)).toEqual(ids);
  });

  it("are enqueued later if the queue refuses them again", async () => {
    const world = await startFailing();
    world.pass(2 * MINUTE);
    await maintain(
      contextOf(bindingsWith({ DELIVERIES: fakeQueue("throws").queue })),
      EVERY_MINUTE,
      world.context.clock(),
    );
    world.pass(6 * MINUTE);
    const { sent, queue } = fakeQueue();
    await maintain(contextOf(bindingsWith({ DELIVERIES: queue })), EVERY_MINUTE, world.context.clock());
    expect(sent).toHaveLength(1);
  });

  it("of an attempt in flight whose process ended are attempted again", async () => {
    await insertDestination(DESTINATION, { timeout_ms: 30_000 });
    await insertRoute("rte_1", [DESTINATION]);
    const world = createWorld();
    const never = Promise.withResolvers<Response>();
    fakeOutside(() => never.promise);

    await processEvents(world.context, [{ message: eventMessage("create", "disk"), stored_at: null }]);
    expect(world.queued).toEqual([]);
    const { sent, queue } = fakeQueue();
    world.pass(2 * MINUTE);
    await maintain(contextOf(bindingsWith({ DELIVERIES: queue })), EVERY_MINUTE, world.context.clock());
    expect(sent).toMatchObject([{ attempts: 0 }]);
    never.resolve(new Response("ok"));
  });

  it("are not rescued once they are delivered, dead or cancelled", async () => {
    const world = await startFailing(2);
    vi.restoreAllMocks();
    fakeOutside();
    world.pass(2_000);
    await consume(world, world.queued);
    const { sent, queue } = fakeQueue();
    world.pass(60 * MINUTE);
    await maintain(contextOf(bindingsWith({ DELIVERIES: queue })), EVERY_MINUTE, world.context.clock());
    await maintain(contextOf(bindingsWith({ DELIVERIES: queue })), START_CRON, world.context.clock());
    expect(sent).toEqual([]);
  });
});

describe("the outbox", () => {
  it("is sent when it is due, and then less and less often until the event is processed", async () => {
    const { sent, queue } = fakeQueue();
    const bindings = bindingsWith({ EVENTS: queue });
    const message = eventMessage("create", "disk");
    const start = Date.now();
    await keep(message, start + 10_000);
    await maintain(contextOf(bindings), EVERY_MINUTE, start + 9_999);
    expect(sent).toEqual([]);
    await maintain(contextOf(bindings), EVERY_MINUTE, start + 10_000);
    expect(sent).toEqual([JSON.stringify(message)]);

    const waits: number[] = [];
    let now = start + 10_000;
    for (let round = 0; round < 8; round++) {
      const [row] = await outboxRows();
      const due = row?.send_at ?? 0;
      waits.push((due - now) / 1_000);
      await maintain(contextOf(bindings), EVERY_MINUTE, due - 1);
      expect(sent).toHaveLength(round + 1);
      now = due;
      await maintain(contextOf(bindings), EVERY_MINUTE, now);
      expect(sent).toHaveLength(round + 2);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it("is emptied by processing, whichever copy of the event is processed", async () => {
    const world = createWorld();
    fakeOutside();
    const [message, repeat, other] = [
      eventMessage("create", "disk", { repeat_key: "once" }),
      eventMessage("create", "disk", { repeat_key: "once" }),
      eventMessage("create", "cpu"),
    ] as const;
    for (const each of [message, repeat, other]) await keep(each, 0);
    await processBatch(world.context, [message, message]);
    expect((await outboxRows()).map((row) => row.id)).toEqual([repeat.id, other.id]);
    await processBatch(world.context, [repeat]);
    expect((await outboxRows()).map((row) => row.id)).toEqual([other.id]);
  });

  it("is emptied also if the row was written after the event was processed", async () => {
    const world = createWorld();
    const message = eventMessage("create", "disk");
    await processBatch(world.context, [message]);
    await keep(message, 0);
    await processBatch(world.context, [message]);
    expect(await outboxRows()).toEqual([]);
  });

  it("is sent in batches that a queue takes", async () => {
    const batches: { readonly count: number; readonly bytes: number }[] = [];
    const queue: Queue = {
      ...fakeQueue().queue,
      sendBatch: (messages) => {
        const bodies = [...messages].map((message) => JSON.stringify(message.body));
        batches.push({ count: bodies.length, bytes: new TextEncoder().encode(bodies.join("")).length });
        return fakeQueue().queue.sendBatch(messages);
      },
    };
    for (let index = 0; index < 130; index++) {
      const note = index % 40 === 0 ? "€".repeat(38_000) : "x";
      const message = eventMessage("create", `key-${index}`, { title: note });
      await keep(message, 0);
    }
    await maintain(contextOf(bindingsWith({ EVENTS: queue })), EVERY_MINUTE, Date.now());
    expect(batches.reduce((sum, batch) => sum + batch.count, 0)).toBe(130);
    for (const { count, bytes } of batches) {
      expect(count).toBeLessThanOrEqual(100);
      expect(bytes + count * 100).toBeLessThanOrEqual(256_000);
    }
  });

  it("stays due if the queue refuses it, and deliveries are rescued all the same", async () => {
    const world = await startFailing();
    await keep(eventMessage("create", "cpu"), 0);
    const deliveries = fakeQueue();
    world.pass(2 * MINUTE);
    const env = bindingsWith({ EVENTS: fakeQueue("throws").queue, DELIVERIES: deliveries.queue });
    await maintain(contextOf(env), EVERY_MINUTE, world.context.clock());
    expect(await outboxRows()).toMatchObject([{ sends: 0, send_at: 0 }]);
    expect(deliveries.sent).toHaveLength(1);
  });
});

it("an EVENTS queue that never responds does not keep deliveries from being rescued", async () => {
  const world = await startFailing();
  await keep(eventMessage("create", "cpu"), 0);
  const deliveries = fakeQueue();
  world.pass(2 * MINUTE);
  const bindings = bindingsWith({ EVENTS: fakeQueue("hangs").queue, DELIVERIES: deliveries.queue });
  await maintain(contextOf(bindings), EVERY_MINUTE, world.context.clock());
  expect(await outboxRows()).toMatchObject([{ sends: 0, send_at: 0 }]);
  expect(deliveries.sent).toHaveLength(1);
});

describe("the run at a start", () => {
  it("enqueues the whole outbox and every pending delivery, due or not", async () => {
    const world = await startFailing(120);
    const ids = (await storedDeliveries()).map((each) => each.id).toSorted();
    const messages = Array.from({ length: 130 }, (_, index) => eventMessage("create", `other-${index}`));
    for (const message of messages) await keep(message, Date.now() + 24 * 60 * MINUTE);
    const events = fakeQueue();
    const deliveries = fakeQueue();
    const env = bindingsWith({ EVENTS: events.queue, DELIVERIES: deliveries.queue });
    await maintain(contextOf(env), START_CRON, world.context.clock());
    expect(events.sent).toEqual(messages.map((message) => JSON.stringify(message)));
    expect(deliveryIds(deliveries.sent)).toEqual(ids);
  });

  it("delays a delivery until it is due", async () => {
    await insertRouted(DESTINATION);
    const world = createWorld();
    fakeOutside(() => new Response("", { status: 503, headers: { "retry-after": "3600" } }));
    await processBatch(world.context, [eventMessage("create", "disk")]);
    const delays: (number | undefined)[] = [];
    const queue: Queue = {
      ...fakeQueue().queue,
      sendBatch: (messages) => {
        delays.push(...[...messages].map((message) => message.delaySeconds));
        return fakeQueue().queue.sendBatch(messages);
      },
    };
    await maintain(contextOf(bindingsWith({ DELIVERIES: queue })), START_CRON, world.context.clock());
    expect(delays).toEqual([expect.any(Number)]);
    expect(delays[0]).toBeGreaterThan(3_500);
    expect(delays[0]).toBeLessThanOrEqual(3_600);
  });
});

it("maintenance never rejects, whatever is down", async () => {
  const fake = fakeDatabase();
  fake.behaviour = "throws";
  for (const cron of [START_CRON, EVERY_MINUTE]) {
    await expect(maintain(contextOf(bindingsWith({ DB: fake.db })), cron, Date.now())).resolves.toBeUndefined();
  }
});
