import { contextOf } from "../../../src/context.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { consumeDeadLetters } from "../../../src/pipeline/consume-dead-letters.ts";
import { insertOutbox } from "../../../src/storage/pipeline/outbox.ts";
import { maintain } from "../../support/maintenance.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { deadLetters, fakeBatch, takeEvents } from "../../support/deliveries.ts";
import { faultyDatabase } from "../../support/faulty-database.ts";
import { createWorld, eventMessage, storedEvents } from "../../support/world.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, faultsOf, statusOf } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

const EVERY_MINUTE = "* * * * *";

async function die(...letters: readonly { readonly id: string; readonly body: unknown }[]): Promise<void> {
  const { batch } = fakeBatch("hookgate-dead-letters", letters);
  await consumeDeadLetters(createWorld().context, batch);
}

async function outboxIds(): Promise<string[]> {
  return (await tables.outbox.all<{ id: string }>()).map(({ id }) => id);
}

describe("dead letters", () => {
  it("are listed with what they carried, page by page, newest first", async () => {
    const ids = ["c3", "a1", "b2", "d4"];
    for (const [index, id] of ids.entries()) {
      const received_at = `2026-11-2${index < 2 ? 0 : index}T10:00:00.000Z`;
      await tables.dead_letters.insert({ id, message: { index }, received_at });
    }
    const rows = await Array.fromAsync(client.deadLetters.all({ limit: 1 }));
    expect(rows.map((row) => [row.id, row.message])).toEqual([
      ["d4", { index: 3 }],
      ["b2", { index: 2 }],
      ["c3", { index: 0 }],
      ["a1", { index: 1 }],
    ]);
    expect(unwrap(await client.deadLetters.get("b2"))).toEqual(rows[1]);
    expect(faultsOf(await client.deadLetters.list({ cursor: "x" }))).toEqual(["cursor"]);
  });

  it("that carry an event are replayed by way of the outbox, and processed", async () => {
    const message = eventMessage("create", "disk");
    await die({ id: "one", body: message });
    const events = fakeQueue();
    const reply = await clientOf({ bindings: { EVENTS: events.queue } }).deadLetters.replay("one");
    expect(reply).toMatchObject({ status: 200, data: { id: "one", message: { id: message.id } } });
    expect(events.sent).toEqual([JSON.parse(JSON.stringify(message))]);
    expect(await deadLetters()).toEqual([]);
    expect(await outboxIds()).toEqual([message.id]);
    await takeEvents(createWorld().context, [{ body: events.sent[0] }]);
    expect(await storedEvents()).toMatchObject([{ id: message.id, outcome: "created" }]);
    expect(await outboxIds()).toEqual([]);
    expect(statusOf(await client.deadLetters.replay("one"))).toBe(404);
  });

  it("that carry an event are not lost where the queue does not take it, or dies with it", async () => {
    const message = eventMessage("create", "disk");
    await die({ id: "one", body: message });
    await clientOf({ bindings: { EVENTS: fakeQueue("throws").queue } }).deadLetters.replay("one");
    const world = createWorld();
    const events = fakeQueue();
    await maintain(contextOf({ ...world.context.env, EVENTS: events.queue }), EVERY_MINUTE, Date.now() + 60_000);
    expect(events.sent).toEqual([JSON.stringify(message)]);
  });

  it("of deliveries and replays go back to their queue, and stay where it does not take them", async () => {
    const bodies = [
      { v: 1, delivery_id: `dlv_${"0".repeat(44)}`, attempts: 2 },
      { v: 1, replay: `rpl_${"0".repeat(28)}` },
    ];
    for (const body of bodies) {
      await die({ id: "one", body });
      const down = { DELIVERIES: fakeQueue("throws").queue };
      expect(statusOf(await clientOf({ bindings: down }).deadLetters.replay("one"))).toBe(503);
      expect(await deadLetters()).toHaveLength(1);
      const deliveries = fakeQueue();
      const up = { DELIVERIES: deliveries.queue };
      expect(statusOf(await clientOf({ bindings: up }).deadLetters.replay("one"))).toBe(200);
      expect(deliveries.sent).toEqual([body]);
      expect(await deadLetters()).toEqual([]);
    }
  });

  it("that say nothing that could be sent are refused, and can be deleted", async () => {
    await die({ id: "one", body: "anything" });
    expect(statusOf(await client.deadLetters.replay("one"))).toBe(409);
    expect(statusOf(await client.deadLetters.delete("one"))).toBe(204);
    expect(statusOf(await client.deadLetters.delete("one"))).toBe(404);
    expect(statusOf(await client.deadLetters.get("one"))).toBe(404);
  });

  it("have ids that an address can hold, whatever the queue calls its messages", async () => {
    await die({ id: "a-b/c 1?x", body: 1 });
    const [row] = await Array.fromAsync(client.deadLetters.all({ limit: 50 }));
    expect(unwrap(await client.deadLetters.get(row?.id ?? ""))).toMatchObject({ message: 1 });
  });
});

describe("an unreadable event that the outbox holds", () => {
  it("is kept once, and not sent again", async () => {
    const { id } = eventMessage("create", "disk");
    const message = { v: 9, id, content: "of a later version" };
    await insertOutbox(asShard(env.DB), [{ id, message: JSON.stringify(message), send_at: 0 }]);
    const events = fakeQueue();
    const world = createWorld({ EVENTS: events.queue });
    for (let minute = 0; minute < 20; minute++) {
      world.pass(60_000);
      await maintain(contextOf(world.context.env), EVERY_MINUTE, world.context.clock());
      const sent = events.sent.splice(0).map((body, index) => ({ id: `m${minute}n${index}`, body }));
      await takeEvents(world.context, sent);
    }
    expect(await deadLetters()).toMatchObject([{ id: "m0n0", message: JSON.stringify(message) }]);
    expect(await outboxIds()).toEqual([]);
  });

  it("keeps its place in the outbox where it cannot be kept as a dead letter", async () => {
    const { id } = eventMessage("create", "disk");
    const body = { v: 9, id };
    await insertOutbox(asShard(env.DB), [{ id, message: JSON.stringify(body), send_at: 0 }]);
    const fates = await takeEvents(createWorld({ DB: faultyDatabase(() => "before") }).context, [{ body }]);
    expect(fates).toMatchObject([{ kind: "retried" }]);
    expect(await outboxIds()).toEqual([id]);
  });
});
