import { contextOf } from "../../../src/context.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { enqueueDeliveries } from "../../../src/delivery/attempts/enqueue.ts";
import { cancel, enterAttempt, newDelivery, reschedule } from "../../../src/delivery/attempts/transitions.ts";
import type { Delivery } from "../../../src/model/delivery.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";
import { failedAttempt } from "../../support/deliveries.ts";

const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const iso = (ms: number): string => new Date(NOW + ms).toISOString();

function delivery(number = 1): Delivery {
  const destination_id = `dst_${String(number).padStart(28, "0")}`;
  return newDelivery("evt_0000000000000000000000000001", { destination_id, route_id: "rte_1" }, iso(0));
}

/** A queue that records whole `sendBatch` requests. */
function recordingQueue() {
  const batches: MessageSendRequest[][] = [];
  const queue: Queue = {
    ...fakeQueue().queue,
    sendBatch: (messages) => {
      batches.push([...messages]);
      return fakeQueue().queue.sendBatch(messages);
    },
  };
  return { batches, queue };
}

async function delaysOf(deliveries: readonly Delivery[]): Promise<(number | undefined)[]> {
  const { batches, queue } = recordingQueue();
  await enqueueDeliveries(contextOf(bindingsWith({ DELIVERIES: queue })).shard, deliveries, NOW);
  return batches.flat().map((message) => message.delaySeconds);
}

describe("enqueued deliveries", () => {
  it("carry ids and the number of attempts only", async () => {
    const { batches, queue } = recordingQueue();
    const tried = enterAttempt(delivery(), failedAttempt(iso(0)), { kind: "retry", delay_seconds: 5 }, iso(0));
    await enqueueDeliveries(contextOf(bindingsWith({ DELIVERIES: queue })).shard, [tried], NOW);
    expect(batches).toEqual([[{ body: { v: 1, delivery_id: tried.id, attempts: 1 }, delaySeconds: 5 }]]);
  });

  it.each([
    [-60_000, 0],
    [0, 0],
    [1, 1],
    [995, 1],
    [1_000, 1],
    [1_001, 2],
    [1_600, 2],
    [86_400_000, 86_400],
    [900_000_000, 86_400],
  ])("that are due in %i ms are delayed by %i s", async (ms, seconds) => {
    expect(await delaysOf([reschedule(delivery(), iso(ms))])).toEqual([seconds]);
  });

  it("are the pending ones only", async () => {
    const dead = enterAttempt(delivery(), failedAttempt(iso(0)), { kind: "dead", reason: "gone" }, iso(0));
    const delivered = enterAttempt(delivery(), failedAttempt(iso(0)), { kind: "delivered" }, iso(0));
    expect(await delaysOf([dead, delivered, cancel(delivery(), "superseded", iso(0))])).toEqual([]);
  });

  it("go in batches of at most a hundred, each once", async () => {
    const { batches, queue } = recordingQueue();
    const deliveries = Array.from({ length: 250 }, (_, number) => delivery(number));
    await enqueueDeliveries(contextOf(bindingsWith({ DELIVERIES: queue })).shard, deliveries, NOW);
    expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(new Set(batches.flat().map((message) => JSON.stringify(message.body))).size).toBe(250);
  });

  it("that the queue does not take are left to maintenance", async () => {
    const { queue } = fakeQueue("throws");
    await expect(
      enqueueDeliveries(contextOf({ ...env, DELIVERIES: queue }).shard, [delivery()], NOW),
    ).resolves.toBeUndefined();
  });

  it("that the queue never responds to are left to maintenance", async () => {
    const { queue } = fakeQueue("hangs");
    await expect(
      enqueueDeliveries(contextOf({ ...env, DELIVERIES: queue }).shard, [delivery()], NOW),
    ).resolves.toBeUndefined();
  });
});
