import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { api } from "../api/client.ts";
import { contentOf, mint } from "../api/records.ts";
import { fakeBatch } from "../support/deliveries.ts";
import { destination, idsIn, listed, shown, standUp, withEvents } from "./stand.ts";

describe("what is in the second shard", () => {
  it("is retried by hand through its own queue", async () => {
    const { stand, events } = await withEvents(() => new Response("no", { status: 500 }));
    const { deliveries } = await shown(`/events/${events[1]}`);
    const { id } = deliveries[0];
    expect(deliveries).toMatchObject([{ status: "pending" }]);
    stand.lose();
    expect((await api("POST", `/deliveries/${id}/retry`)).json).toMatchObject({ id, status: "pending" });
    expect(stand.queued()).toMatchObject({ "hookgate-deliveries": 0, "hookgate-1-deliveries": 1 });
    await stand.drain();
    expect((await shown(`/deliveries/${id}`))["attempts"]).toHaveLength(2);
    expect((await api("POST", "/deliveries/dlv_none/retry")).status).toBe(404);
  });

  it("is replayed by hand, an event or a delivery of it", async () => {
    const { stand, to, events } = await withEvents();
    expect((await api("POST", `/events/${events[1]}/replay`, { destination_ids: [to] })).status).toBe(200);
    const [first] = (await shown(`/events/${events[1]}`))["deliveries"];
    expect((await api("POST", `/deliveries/${first.id}/retry`)).json).toMatchObject({ replay_of: first.id });
    expect(stand.queued()).toMatchObject({ "hookgate-deliveries": 0, "hookgate-1-deliveries": 2 });
    await stand.drain();
    const { deliveries } = await shown(`/events/${events[1]}`);
    expect(deliveries.map(({ status }: { status: string }) => status)).toEqual(Array(3).fill("delivered"));
    expect(await shown("/reconciliation")).toMatchObject({ accepted: 4, delivered: 4, balanced: true });
    expect((await api("POST", "/events/evt_none/replay", {})).status).toBe(404);
  });

  it("is erased there, and only there", async () => {
    const { events } = await withEvents();
    expect((await api("POST", `/events/${events[1]}/erase`)).json).toMatchObject({ id: events[1], payload: null });
    expect(await shown(`/events/${events[1]}`)).toMatchObject({ payload: null, note: "erased" });
    expect((await shown(`/events/${events[0]}`))["payload"]).not.toBeNull();
    expect((await listed("/alerts")).map(({ title }) => title)).toEqual(["(erased)", "disk"]);
    expect((await api("POST", "/events/evt_none/erase")).status).toBe(404);
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
    const letters = await listed("/dead-letters");
    const letter = letters.find(({ queue }) => queue === "hookgate-1-dead-letters");
    expect(letters).toHaveLength(2);
    expect(await shown(`/dead-letters/${letter?.["id"]}`)).toMatchObject({ message: { id } });

    expect((await api("POST", `/dead-letters/${letter?.["id"]}/replay`)).status).toBe(200);
    expect(stand.queued()).toMatchObject({ "hookgate-events": 0, "hookgate-1-events": 1 });
    expect(await idsIn("outbox")).toEqual([[], [id]]);
    await stand.drain();
    expect(await idsIn("events")).toEqual([[], [id]]);
    const [left] = await listed("/dead-letters");
    expect((await api("DELETE", `/dead-letters/${left?.["id"]}`)).status).toBe(204);
    expect((await api("DELETE", `/dead-letters/${left?.["id"]}`)).status).toBe(404);
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
