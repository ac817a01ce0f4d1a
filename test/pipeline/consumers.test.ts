import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { consumeEvents } from "../../src/pipeline/consume-events.ts";
import { fakeDatabase } from "../support/bindings.ts";
import { type Fate, deadLetters, storedDeliveries, takeEvents } from "../support/deliveries.ts";
import { faultyDatabase } from "../support/faulty-database.ts";
import { createWorld, eventMessage, fakeOutside, insertRouted, storedAlerts, storedEvents } from "../support/world.ts";
import { tables } from "../support/tables.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const OTHER = "dst_0000000000000000000000000002";
const EVENTS = "hookgate-events";
const ACKED: Fate = { kind: "acked" };

const BROKEN = {
  ...eventMessage("create", "broken"),
  content: { request: {}, signal: { action: "explode", namespace: "int_test", key: "disk", note: null } },
};

describe("the EVENTS consumer", () => {
  it("acknowledges processed messages", async () => {
    await insertRouted(DESTINATION);
    const seen = fakeOutside();
    const messages = [eventMessage("create", "disk"), eventMessage("create", "cpu")];
    const timestamp = new Date();
    const batch = createMessageBatch(
      EVENTS,
      messages.map((body, index) => ({ id: `message-${index}`, timestamp, attempts: 1, body })),
    );
    const ctx = createExecutionContext();
    await consumeEvents(createWorld().context, batch, ctx);
    const result = await getQueueResult(batch, ctx);
    expect(result.explicitAcks.toSorted()).toEqual(["message-0", "message-1"]);
    expect(result.retryMessages).toEqual([]);
    expect(seen).toHaveLength(2);
  });

  it("makes one event and one delivery of thirteen messages with one idempotency key, in any order and batches", async () => {
    await insertRouted(DESTINATION);
    const seen = fakeOutside();
    const { context } = createWorld();
    const messages = Array.from({ length: 13 }, () => eventMessage("create", "disk", { repeat_key: "once" }));
    const groups = [messages.slice(0, 5), messages.slice(5, 6), messages.slice(6), messages.slice(0, 3)];
    for (const group of groups) {
      expect(
        await takeEvents(
          context,
          group.map((body) => ({ body })),
        ),
      ).toEqual(group.map(() => ACKED));
    }
    expect(await storedEvents()).toHaveLength(1);
    expect(await storedDeliveries()).toMatchObject([{ status: "delivered" }]);
    expect(await storedAlerts()).toMatchObject([{ dedup_count: 0 }]);
    expect(seen).toHaveLength(1);
  });

  it("makes one event of messages with one idempotency key that consumers hold at once", async () => {
    await insertRouted(DESTINATION);
    const seen = fakeOutside();
    const { context } = createWorld();
    const messages = Array.from({ length: 13 }, () => eventMessage("create", "disk", { repeat_key: "once" }));
    const fates = await Promise.all(messages.map((body) => takeEvents(context, [{ body }])));
    expect(fates.flat()).toEqual(messages.map(() => ACKED));
    expect(await storedEvents()).toHaveLength(1);
    expect(await storedAlerts()).toMatchObject([{ dedup_count: 0 }]);
    expect(seen).toHaveLength(1);
  });

  it("keeps the idempotency keys of integrations apart", async () => {
    const message = eventMessage("create", "disk", { repeat_key: "once" });
    const other = { ...eventMessage("create", "disk", { repeat_key: "once" }), integration_id: "int_other" };
    await takeEvents(createWorld().context, [{ body: message }, { body: other }]);
    expect(await storedEvents()).toHaveLength(2);
  });

  it("records unreadable messages as dead letters, and processes the rest", async () => {
    const good = eventMessage("create", "disk");
    const unreadable: readonly unknown[] = [null, undefined, "text", 7, [], { v: 2, id: "evt_1" }, { v: 1 }];
    const sent = [...unreadable.map((body, index) => ({ id: `bad${index}`, body })), { id: "good", body: good }];
    const fates = await takeEvents(createWorld().context, sent);
    expect(fates).toEqual(sent.map(() => ACKED));
    expect((await storedEvents()).map((event) => event.id)).toEqual([good.id]);
    const kept = await deadLetters();
    expect(kept.map((letter) => [letter.id, letter.queue, letter.message])).toEqual(
      unreadable.map((body, index) => [`bad${index}`, EVENTS, JSON.stringify(body) ?? "null"]),
    );
  });

  it("records a message that has no JSON, and processes the rest", async () => {
    const good = eventMessage("create", "disk");
    const circle: unknown[] = [];
    circle.push(circle);
    const sent = [{ body: 10n }, { body: circle }, { body: good }];
    expect(await takeEvents(createWorld().context, sent)).toEqual(sent.map(() => ACKED));
    expect(await deadLetters()).toHaveLength(2);
    expect((await storedEvents()).map((event) => event.id)).toEqual([good.id]);
  });

  it("retries an unreadable message that cannot be recorded either", async () => {
    const { context } = createWorld({ DB: faultyDatabase(() => "before") });
    expect(await takeEvents(context, [{ body: "text", attempts: 3 }])).toEqual([{ kind: "retried", delay_seconds: 8 }]);
  });

  it("retries everything while D1 fails, later each time, and loses nothing", async () => {
    await insertRouted(DESTINATION);
    const seen = fakeOutside();
    const fake = fakeDatabase();
    fake.behaviour = "throws";
    const world = createWorld({ DB: fake.db });
    const messages = [eventMessage("create", "disk"), eventMessage("create", "cpu")];
    const delays: (number | undefined)[] = [];
    for (const attempts of [1, 2, 3, 5, 12, 51]) {
      const fates = await takeEvents(
        world.context,
        messages.map((body) => ({ body, attempts })),
      );
      expect(fates[0]).toEqual(fates[1]);
      delays.push(fates[0]?.kind === "retried" ? fates[0].delay_seconds : undefined);
    }
    expect(delays).toEqual([2, 4, 8, 32, 600, 600]);
    expect(seen).toEqual([]);
    fake.behaviour = "takes";
    expect(
      await takeEvents(
        world.context,
        messages.map((body) => ({ body })),
      ),
    ).toEqual([ACKED, ACKED]);
    expect((await storedDeliveries()).map((each) => each.status)).toEqual(["delivered", "delivered"]);
  });

  it("does not let one message that cannot be processed keep others from being processed", async () => {
    await insertRouted(DESTINATION);
    const seen = fakeOutside();
    const good = eventMessage("create", "cpu");
    const [, fate] = await takeEvents(createWorld().context, [{ body: BROKEN }, { body: good }]);
    expect(fate).toEqual(ACKED);
    expect((await storedEvents()).map((event) => event.id)).toEqual([good.id]);
    expect(seen).toHaveLength(1);
  });

  it("does not let a message that cannot be processed block its alert for ever", async () => {
    const { context } = createWorld();
    await takeEvents(context, [{ body: BROKEN }]);
    const good = eventMessage("create", "disk");
    expect(await takeEvents(context, [{ body: good }])).toEqual([ACKED]);
    expect(await storedAlerts()).toMatchObject([{ key: "disk", status: "open" }]);
  });

  it("does not send to one destination repeatedly because the attempt at another throws", async () => {
    await insertRouted(DESTINATION, OTHER);
    await tables.destinations.update({ id: OTHER }, { signing_secrets: "null" });
    const seen = fakeOutside();
    const { context } = createWorld();
    const body = eventMessage("create", "disk");
    for (const attempts of [1, 2, 3]) await takeEvents(context, [{ body, attempts }]);
    expect(seen).toHaveLength(1);
    expect((await storedDeliveries()).map((each) => [each.destination_id, each.status])).toEqual([
      [DESTINATION, "delivered"],
      [OTHER, "pending"],
    ]);
  });
});
