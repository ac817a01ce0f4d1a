import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { consumeDeadLetters } from "../../src/pipeline/consume-dead-letters.ts";
import { retryDelaySeconds } from "../../src/pipeline/retry-delay.ts";
import { type Fate, deadLetters, fakeBatch, storedDeliveries, takeDeliveries } from "../support/deliveries.ts";
import { faultyDatabase } from "../support/faulty-database.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, processBatch, storedEvents } from "../support/world.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const DELIVERIES = "hookgate-deliveries";
const DEAD_LETTERS = "hookgate-dead-letters";
const ACKED: Fate = { kind: "acked" };

describe("the DEAD_LETTERS consumer", () => {
  it("records messages as they are, and acknowledges them", async () => {
    const message = eventMessage("create", "disk");
    const { batch, fates } = fakeBatch(DEAD_LETTERS, [
      { id: "one", body: message },
      { id: "two", body: "anything" },
    ]);
    await consumeDeadLetters(createWorld().context, batch);
    expect(fates).toEqual([ACKED, ACKED]);
    expect(await deadLetters()).toEqual([
      { id: "one", queue: DEAD_LETTERS, message: JSON.stringify(message), received_at: expect.stringMatching(/Z$/) },
      { id: "two", queue: DEAD_LETTERS, message: '"anything"', received_at: expect.stringMatching(/Z$/) },
    ]);
  });

  it("records a repeated message once", async () => {
    const { context } = createWorld();
    for (const body of ["first", "again"]) {
      const { batch, fates } = fakeBatch(DEAD_LETTERS, [{ id: "one", body }]);
      await consumeDeadLetters(context, batch);
      expect(fates).toEqual([ACKED]);
    }
    expect(await deadLetters()).toMatchObject([{ id: "one", message: '"first"' }]);
  });

  it("retries messages while they cannot be recorded", async () => {
    const { context } = createWorld({ DB: faultyDatabase(() => "before") });
    const { batch, fates } = fakeBatch(DEAD_LETTERS, [
      { body: 1, attempts: 2 },
      { body: 2, attempts: 3 },
    ]);
    await consumeDeadLetters(context, batch);
    expect(fates).toEqual([
      { kind: "retried", delay_seconds: 4 },
      { kind: "retried", delay_seconds: 8 },
    ]);
  });
});

describe("the DELIVERIES consumer", () => {
  it("records unreadable messages as dead letters, and processes the rest", async () => {
    await insertRouted(DESTINATION);
    let status = 503;
    fakeOutside(() => new Response("", { status }));
    const world = createWorld();
    await processBatch(world.context, [eventMessage("create", "disk")]);
    status = 200;
    world.pass(2_000);
    const sent = [
      { id: "bad", body: { v: 9 } },
      { id: "good", body: world.queued[0] },
    ];
    expect(await takeDeliveries(world.context, sent)).toEqual([ACKED, ACKED]);
    expect(await deadLetters()).toMatchObject([{ id: "bad", queue: DELIVERIES, message: '{"v":9}' }]);
    expect(await storedDeliveries()).toMatchObject([{ status: "delivered" }]);
  });

  it("records a message that has no JSON", async () => {
    expect(await takeDeliveries(createWorld().context, [{ body: 10n }])).toEqual([ACKED]);
    expect(await deadLetters()).toHaveLength(1);
  });

  it("retries everything while D1 fails, later each time", async () => {
    const { context } = createWorld({ DB: faultyDatabase(() => "before") });
    const body = { v: 1, delivery_id: `dlv_${"0".repeat(44)}`, attempts: 0 };
    for (const [attempts, delay_seconds] of [
      [1, 2],
      [4, 16],
      [50, 600],
    ] as const) {
      expect(await takeDeliveries(context, [{ body, attempts }])).toEqual([{ kind: "retried", delay_seconds }]);
    }
  });

  it("does not count a fault of the gateway as a failed attempt", async () => {
    await insertRouted(DESTINATION);
    const seen = fakeOutside(() => new Response("", { status: 503 }));
    const world = createWorld();
    await processBatch(world.context, [eventMessage("create", "disk")]);
    world.pass(2_000);
    const { context } = createWorld({ DB: faultyDatabase(() => "before") });
    await takeDeliveries({ ...context, clock: world.context.clock }, [{ body: world.queued[0] }]);
    expect(await storedDeliveries()).toMatchObject([{ status: "pending", attempts: [{ number: 1 }] }]);
    expect(seen).toHaveLength(1);
  });
});

describe("the worker", () => {
  it("gives each queue to its consumer, by the end of its name", async () => {
    for (const queue of ["other-gateway-events", "other-gateway-deliveries", "other-gateway-dead-letters"]) {
      const { batch, fates } = fakeBatch(queue, [{ id: queue, body: { v: 9 } }]);
      await worker.queue(batch, env, createExecutionContext());
      expect(fates).toEqual([ACKED]);
    }
    const deliveryMessage = { v: 1, delivery_id: `dlv_${"0".repeat(44)}`, attempts: 0 };
    const event = eventMessage("create", "disk");
    for (const [queue, body] of [
      ["other-gateway-deliveries", deliveryMessage],
      ["other-gateway-events", event],
    ] as const) {
      const { batch, fates } = fakeBatch(queue, [{ id: `${queue} again`, body }]);
      await worker.queue(batch, env, createExecutionContext());
      expect(fates).toEqual([ACKED]);
    }
    expect((await storedEvents()).map((each) => each.id)).toEqual([event.id]);
    expect((await deadLetters()).map((each) => each.queue).toSorted()).toEqual([
      "other-gateway-dead-letters",
      "other-gateway-deliveries",
      "other-gateway-events",
    ]);
  });
});

it("the wait after a fault of the gateway doubles, and stays within the delay of a queue", () => {
  const delays = Array.from({ length: 100 }, (_, index) => retryDelaySeconds(index + 1));
  expect(delays.slice(0, 9)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512]);
  expect(new Set(delays.slice(9))).toEqual(new Set([600]));
});
