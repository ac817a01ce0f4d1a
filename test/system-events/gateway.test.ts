import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { contextOf } from "../../src/context.ts";
import { writeRejections } from "../../src/ingest/write-rejections.ts";
import { createIdMinter, deliveryIdOf } from "../../src/model/ids.ts";
import { consumeDeadLetters } from "../../src/pipeline/consume-dead-letters.ts";
import { findIntegration } from "../../src/storage/config/integrations.ts";
import { client, createIntegration } from "../support/api.ts";
import { fakeBatch } from "../support/deliveries.ts";
import { tables } from "../support/tables.ts";
import { createWorld, eventMessage, processBatch } from "../support/world.ts";
import { ON_CALL, type Stand, outboxMessages, startStand } from "./stand.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let stand: Stand;

beforeEach(async () => {
  stand = await startStand();
});

/** What the system events in the outbox say. */
async function waiting() {
  return (await outboxMessages()).map(({ content: { signal, request } }) => {
    const body: Record<string, unknown> = JSON.parse(request.body);
    return { type: "type" in signal ? signal.type : signal.action, ...body };
  });
}

describe("an integration that refuses requests", () => {
  async function refuse(id: string, atMs: number, code = "bad_token", isolates = 1): Promise<void> {
    const integration = await findIntegration(contextOf(env).primary, id);
    if (integration === null) throw new Error("not there");
    const example = { method: "POST", content_type: null, user_agent: null, size: null };
    const counts = [{ status: 403, code, count: 2, at: atMs, example }];
    const minutes = [{ minute: Math.floor(atMs / MINUTE), counts }];
    await Promise.all(
      Array.from({ length: isolates }, () => writeRejections(createWorld().context, integration, minutes)),
    );
  }

  it("is reported by one isolate when it starts, and again after an hour without a refused request", async () => {
    const { id } = await createIntegration({ name: "Night watch" });
    const start = Date.now();
    await refuse(id, start, "bad_token", 5);
    expect(await waiting()).toMatchObject([
      {
        type: "integration.rejecting",
        integration: { id, name: "Night watch" },
        since: new Date(start).toISOString(),
        count: 2,
        reason: "403 bad_token",
      },
    ]);
    for (const minutes of [1, 59, 117]) await refuse(id, start + minutes * MINUTE);
    expect(await waiting()).toHaveLength(1);
    await refuse(id, start + 5 * HOUR);
    expect(await waiting()).toHaveLength(2);
  });

  it("is not reported for what is no fault of the sender", async () => {
    const { id } = await createIntegration();
    await refuse(id, Date.now(), "own_delivery");
    await refuse(id, Date.now(), "disabled_integration");
    expect(await waiting()).toEqual([]);
    await refuse(id, Date.now(), "bad_token");
    expect(await waiting()).toHaveLength(1);
  });
});

describe("an integration that expects events", () => {
  it("is reported when it falls silent and when it is heard again, once each", async () => {
    const { id } = await createIntegration({ name: "Backups", options: { expect_every_minutes: 60 } });
    const { world } = stand;
    await stand.maintainAfter(0);
    await stand.maintainAfter(61);
    await Promise.all([stand.maintainAfter(1), stand.maintainAfter(1)]);
    const ours = async () => (await waiting()).filter(({ type }) => type.startsWith("integration."));
    expect(await ours()).toMatchObject([
      { type: "integration.silent", integration: { id, name: "Backups" }, reason: "No event for 60 minutes." },
    ]);
    const mint = createIdMinter(world.context.clock, (length) => crypto.getRandomValues(new Uint8Array(length)));
    const { id: eventId, at_ms } = mint("evt");
    const message = { ...eventMessage("create", "a"), id: eventId, received_at: new Date(at_ms).toISOString() };
    await processBatch(world.context, [{ ...message, integration_id: id }]);
    await stand.maintainAfter(1);
    expect(await ours()).toMatchObject([
      { type: "integration.silent" },
      { type: "integration.heard", integration: { id } },
    ]);
  });
});

describe("dead letters", () => {
  async function record(...bodies: readonly unknown[]): Promise<void> {
    const sent = bodies.map((body) => ({ id: crypto.randomUUID(), body, attempts: 1 }));
    const { batch } = fakeBatch("hookgate-dead-letters", sent);
    await consumeDeadLetters(stand.world.context, batch);
  }

  it("are reported at once, and then once an hour with their number", async () => {
    await record({ v: 9 }, { v: 9 });
    await record({ v: 9 });
    expect(await waiting()).toMatchObject([{ type: "dead_letter.recorded", shard: { number: 0 }, count: 2 }]);
    await stand.maintainAfter(61);
    expect((await waiting()).filter(({ type }) => type === "dead_letter.recorded")).toMatchObject([
      { count: 2 },
      { count: 1 },
    ]);
  });

  it("of a system event and of its deliveries are not reported", async () => {
    await record({ v: 9 });
    const [systemEvent] = await outboxMessages();
    if (systemEvent === undefined) throw new Error("no system event");
    await processBatch(stand.world.context, [systemEvent]);
    await tables.announcements.delete();
    const ordinary = eventMessage("create", "a");
    await processBatch(stand.world.context, [ordinary]);
    const deliveryOf = (eventId: string) => ({ v: 1, delivery_id: deliveryIdOf(eventId, ON_CALL), attempts: 0 });
    await record(systemEvent, deliveryOf(systemEvent.id), deliveryOf("evt_0000000000000000000000000000"));
    expect(await waiting()).toEqual([]);
    await record(deliveryOf(ordinary.id));
    expect(await waiting()).toHaveLength(1);
  });
});

describe("the reconciliation", () => {
  it("is reported when it begins to fail, and not again until it has held", async () => {
    await tables.rollups.insert({ hour: 400_000, accepted: 3 });
    await tables.rollups.update(
      { hour: 400_000 },
      { counts: { delivered: 1, dead: 0, pending: 0, cancelled: 0, ignored: 0 } },
    );
    for (let run = 0; run < 3; run++) await stand.maintainAfter(11);
    const failed = async () => (await waiting()).filter(({ type }) => type === "reconciliation.failed");
    expect(await failed()).toMatchObject([{ shard: { number: 0 }, reason: "unbalanced" }]);
    await tables.rollups.delete();
    await stand.maintainAfter(11);
    expect(await tables.announcements.count()).toBe(0);
    expect(unwrap(await client.reconciliation.get()).balanced).toBe(true);
    expect(await failed()).toHaveLength(1);
  });
});
