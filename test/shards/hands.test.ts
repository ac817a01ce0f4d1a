import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, statusOf } from "../support/api.ts";
import { contentOf, mint } from "../api/records.ts";
import { fakeBatch } from "../support/deliveries.ts";
import { destination, idsIn, standUp, withEvents } from "./stand.ts";

describe("what is in the second shard", () => {
  it("is retried by hand through its own queue", async () => {
    const { stand, events } = await withEvents(() => new Response("no", { status: 500 }));
    const { deliveries } = unwrap(await client.events.get(events[1] ?? ""));
    const id = deliveries[0]?.id ?? "";
    expect(deliveries).toMatchObject([{ status: "pending" }]);
    stand.lose();
    expect(unwrap(await client.deliveries.retry(id))).toMatchObject({ id, status: "pending" });
    expect(stand.queued()).toMatchObject({ "hookgate-deliveries": 0, "hookgate-1-deliveries": 1 });
    await stand.drain();
    expect(unwrap(await client.deliveries.get(id)).attempts).toHaveLength(2);
    expect(statusOf(await client.deliveries.retry("dlv_none"))).toBe(404);
  });

  it("is replayed by hand, an event or a delivery of it", async () => {
    const { stand, to, events } = await withEvents();
    expect(statusOf(await client.events.replay(events[1] ?? "", { destination_ids: [to] }))).toBe(200);
    const first = unwrap(await client.events.get(events[1] ?? "")).deliveries[0]?.id ?? "";
    expect(unwrap(await client.deliveries.retry(first))).toMatchObject({ replay_of: first });
    expect(stand.queued()).toMatchObject({ "hookgate-deliveries": 0, "hookgate-1-deliveries": 2 });
    await stand.drain();
    const { deliveries } = unwrap(await client.events.get(events[1] ?? ""));
    expect(deliveries.map(({ status }) => status)).toEqual(Array(3).fill("delivered"));
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ accepted: 4, delivered: 4, balanced: true });
    expect(statusOf(await client.events.replay("evt_none", {}))).toBe(404);
  });

  it("is erased there, and only there", async () => {
    const { events } = await withEvents();
    expect(unwrap(await client.events.erase(events[1] ?? ""))).toMatchObject({ id: events[1], payload: null });
    expect(unwrap(await client.events.get(events[1] ?? ""))).toMatchObject({ payload: null, note: "erased" });
    expect(unwrap(await client.events.get(events[0] ?? "")).payload).not.toBeNull();
    expect(unwrap(await client.alerts.list()).data.map(({ title }) => title)).toEqual(["(erased)", "disk"]);
    expect(statusOf(await client.events.erase("evt_none"))).toBe(404);
  });
});

describe("a dead letter", () => {
  async function letterTo(queue: string, body: unknown): Promise<void> {
    await worker.queue(fakeBatch(queue, [{ id: `${queue}-1`, body }]).batch, env, createExecutionContext());
  }

  it("is kept in the shard of its queue, shown with the others, and sent to a queue of that shard", async () => {
    const stand = standUp();
    await destination();
    const { id } = mint("evt");
    const received_at = "2026-11-20T10:00:00.000Z";
    const message = {
      v: 1,
      id,
      integration_id: "int_1",
      received_at,
      repeat_key: null,
      content: contentOf({ Id: "k" }),
    };
    await letterTo("hookgate-dead-letters", "of the home");
    await letterTo("hookgate-1-dead-letters", message);
    expect((await idsIn("dead_letters")).map(({ length }) => length)).toEqual([1, 1]);
    const letters = unwrap(await client.deadLetters.list()).data;
    const letter = letters.find(({ queue }) => queue === "hookgate-1-dead-letters");
    expect(letters).toHaveLength(2);
    expect(unwrap(await client.deadLetters.get(letter?.id ?? ""))).toMatchObject({ message: { id } });

    expect(statusOf(await client.deadLetters.replay(letter?.id ?? ""))).toBe(200);
    expect(stand.queued()).toMatchObject({ "hookgate-events": 0, "hookgate-1-events": 1 });
    expect(await idsIn("outbox")).toEqual([[], [id]]);
    await stand.drain();
    expect(await idsIn("events")).toEqual([[], [id]]);
    const [left] = unwrap(await client.deadLetters.list()).data;
    expect(statusOf(await client.deadLetters.delete(left?.id ?? ""))).toBe(204);
    expect(statusOf(await client.deadLetters.delete(left?.id ?? ""))).toBe(404);
    expect(await idsIn("dead_letters")).toEqual([[], []]);
  });

  it("of a shard that is not bound waits in its queue", async () => {
    const { batch, fates } = fakeBatch("hookgate-7-events", [{ body: "{}" }, { body: "{}" }]);
    await worker.queue(batch, env, createExecutionContext());
    expect(fates).toEqual([
      { kind: "retried", delay_seconds: undefined },
      { kind: "retried", delay_seconds: undefined },
    ]);
    expect(await idsIn("dead_letters")).toEqual([[], []]);
  });
});
