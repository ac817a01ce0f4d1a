import { asShard } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { enterAttempt, newDelivery } from "../../../src/delivery/attempts/transitions.ts";
import { type DeliveryEdit, recordEdits } from "../../../src/delivery/attempts/record.ts";
import type { Delivery } from "../../../src/model/delivery.ts";
import { readRecords } from "../../../src/storage/events/log.ts";
import { commitBatch } from "../../../src/storage/pipeline/commit.ts";
import { failedAttempt, onlyDelivery, storedDeliveries } from "../../support/deliveries.ts";
import { watchedDatabase } from "../../support/watched-database.ts";
import { eventMessage, storedEvents } from "../../support/world.ts";
import { tables } from "../../support/tables.ts";

const AT = "2026-11-20T10:00:00.000Z";

/** Stores an event with a pending delivery to each of this many destinations. */
async function recordEvent(destinations = 1): Promise<readonly Delivery[]> {
  const { id, integration_id, received_at, content } = eventMessage("create", "disk");
  const deliveries = Array.from({ length: destinations }, (_, index) =>
    newDelivery(id, { destination_id: `dst_${String(index).padStart(28, "0")}`, route_id: "rte_1" }, AT),
  );
  const record = {
    id,
    integration_id,
    type: "alert.created",
    outcome: "created",
    alert_id: null,
    received_at,
    version: 1,
    deliveries,
  } as const;
  const nothing = {
    corrections: [],
    alerts: [],
    gone_alerts: [],
    compactions: [],
    histories: [],
    outbox: [],
    unread: [],
    tallies: { late: [], corrected: [] },
  };
  await commitBatch(asShard(env.DB), { ...nothing, events: [{ record, alert: null, content }] });
  return deliveries;
}

/** Enters a failed attempt, identified by its duration. */
function entering(delivery: Delivery, mark: number): DeliveryEdit {
  return {
    event_id: delivery.event_id,
    delivery_id: delivery.id,
    edit: (current) =>
      enterAttempt(current, failedAttempt(AT, { duration_ms: mark }), { kind: "retry", delay_seconds: 60 }, AT),
  };
}

const marks = (delivery: Delivery | undefined) =>
  delivery?.attempts.map((attempt) => attempt.duration_ms).toSorted((a, b) => a - b);

describe("recorded edits", () => {
  it("are on record, increment the version, and set the time of the rescue", async () => {
    const [delivery] = await recordEvent();
    if (delivery === undefined) throw new Error("no delivery");
    const recorded = await recordEdits(asShard(env.DB), [entering(delivery, 1)]);
    const stored = await onlyDelivery();
    expect(stored).toMatchObject({
      status: "pending",
      attempts: [{ number: 1, duration_ms: 1 }],
      next_attempt_at: "2026-11-20T10:01:00.000Z",
    });
    expect(recorded.get(delivery.event_id)).toEqual([stored]);
    expect(await storedEvents()).toMatchObject([{ version: 2, rescue_at: Date.parse(AT) + 120_000 }]);
  });

  it("of several writers at once lose no attempt", async () => {
    const [delivery] = await recordEvent();
    if (delivery === undefined) throw new Error("no delivery");
    const known = await readRecords(asShard(env.DB), [delivery.event_id]);
    const writers = [1, 2, 3, 4, 5, 6];
    await Promise.all(writers.map((mark) => recordEdits(asShard(env.DB), [entering(delivery, mark)], known)));
    const stored = await onlyDelivery();
    expect(marks(stored)).toEqual(writers);
    expect(stored.attempts.map((attempt) => attempt.number)).toEqual(writers);
  });

  it("of an event with many destinations whose attempts end at once are all recorded", async () => {
    const deliveries = await recordEvent(20);
    await Promise.all(deliveries.map((delivery, mark) => recordEdits(asShard(env.DB), [entering(delivery, mark)])));
    expect((await storedDeliveries()).map((each) => each.attempts.length)).toEqual(deliveries.map(() => 1));
  });

  it("made on an old state are made again on the new one", async () => {
    const [delivery] = await recordEvent();
    if (delivery === undefined) throw new Error("no delivery");
    const known = await readRecords(asShard(env.DB), [delivery.event_id]);
    await recordEdits(asShard(env.DB), [entering(delivery, 1)]);
    await recordEdits(asShard(env.DB), [entering(delivery, 2)]);
    await recordEdits(asShard(env.DB), [entering(delivery, 3)], known);
    expect(marks(await onlyDelivery())).toEqual([1, 2, 3]);
  });

  it("of one event and another at once: a conflict over one does not touch the other", async () => {
    const [one] = await recordEvent();
    const [other] = await recordEvent();
    if (one === undefined || other === undefined) throw new Error("no delivery");
    const known = await readRecords(asShard(env.DB), [one.event_id, other.event_id]);
    await recordEdits(asShard(env.DB), [entering(one, 1)]);
    await recordEdits(asShard(env.DB), [entering(one, 2), entering(other, 3), entering(one, 4)], known);
    const stored = await storedDeliveries();
    expect(stored.map(marks)).toEqual([[1, 2, 4], [3]]);
  });

  it("of an event that was deleted meanwhile are dropped", async () => {
    const [one] = await recordEvent();
    const [other] = await recordEvent();
    if (one === undefined || other === undefined) throw new Error("no delivery");
    const known = await readRecords(asShard(env.DB), [one.event_id, other.event_id]);
    await tables.events.delete({ id: one.event_id });
    const recorded = await recordEdits(asShard(env.DB), [entering(one, 1), entering(other, 2)], known);
    expect([...recorded.keys()]).toEqual([other.event_id]);
  });

  it("fail loudly if others always write first", async () => {
    const [delivery] = await recordEvent();
    if (delivery === undefined) throw new Error("no delivery");
    const db = watchedDatabase({
      after: async (sql) => {
        if (sql.includes("FROM events"))
          await tables.events.update({}, ({ version }) => ({ version: Number(version) + 1 }));
      },
    });
    await expect(recordEdits(asShard(db), [entering(delivery, 1)])).rejects.toThrow("too often");
  });
});
