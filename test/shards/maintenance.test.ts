import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { addUp, reconcile } from "../../src/model/reconciliation.ts";
import { START_CRON } from "../../src/maintenance/maintenance.ts";
import { call } from "../support/flow.ts";
import { destination, idsIn, integrationIn, post, shard, standUp } from "./stand.ts";
import { tables } from "../support/tables.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("maintenance", () => {
  it("sends again what either shard lost from its queues, at a start", async () => {
    const stand = standUp(({ body }) => new Response("", { status: body.includes("failing") ? 500 : 200 }));
    await destination({ retry_schedule: [60, 60, 60] });
    const ids = [await integrationIn(0), await integrationIn(1)];
    for (const id of ids) await post(id, "failing");
    await stand.drain();
    for (const id of ids) await post(id, "disk");
    stand.lose();
    await stand.runMaintenance(START_CRON);
    expect(stand.queued()).toEqual({
      "hookgate-events": 1,
      "hookgate-deliveries": 1,
      "hookgate-1-events": 1,
      "hookgate-1-deliveries": 1,
    });
    await stand.drain();
    expect((await idsIn("events")).map(({ length }) => length)).toEqual([2, 2]);
    expect(await idsIn("outbox")).toEqual([[], []]);
  });

  it("sends again what is due or overdue in either shard, each minute", async () => {
    const stand = standUp(({ body }) => new Response("", { status: body.includes("failing") ? 500 : 200 }));
    await destination({ retry_schedule: [60, 60, 60] });
    const ids = [await integrationIn(0), await integrationIn(1)];
    for (const id of ids) await post(id, "failing");
    await stand.drain();
    for (const id of ids) await post(id, "disk");
    stand.lose();
    await stand.pass(5 * MINUTE_MS);
    await stand.runMaintenance();
    expect(Object.values(stand.queued())).toEqual([1, 1, 1, 1]);
  });

  it("runs for one shard where another cannot be read", async () => {
    const stand = standUp();
    await destination();
    const ids = [await integrationIn(0), await integrationIn(1)];
    for (const id of ids) await post(id, "disk");
    stand.lose();
    const { db: DB } = shard(0);
    const prepare = DB.prepare.bind(DB);
    vi.spyOn(DB, "prepare").mockImplementation((sql) => {
      if (sql.includes("FROM outbox")) throw new Error("D1_ERROR: Network connection lost.");
      return prepare(sql);
    });
    await stand.runMaintenance(START_CRON);
    expect(stand.queued()).toMatchObject({ "hookgate-events": 0, "hookgate-1-events": 1 });
  });
});

describe("retention", () => {
  it("prunes both shards, and keeps the bodies of either that are still in use", async () => {
    const stand = standUp(() => new Response("", { status: 500 }));
    await destination({ retry_schedule: [86_400, 86_400, 86_400] });
    const ids = [await integrationIn(0, { type: "catch" }), await integrationIn(1, { type: "catch" })];
    const filler = "x".repeat(150_000);
    const large: string[] = [];
    for (const id of ids) {
      const answer = await call(`/integration/${id}`, { method: "POST", body: JSON.stringify({ filler }) });
      large.push(answer.json.id);
    }
    await stand.drain();
    expect(unwrap(await client.deliveries.list({ status: "pending" })).data.length).toBe(2);
    stand.lose();
    await stand.pass(31 * DAY_MS);
    // The home's event is over and past its time; the other is still owed to its destination.
    const [first] = unwrap(await client.deliveries.list({ integration_id: ids[0] ?? "" })).data;
    await tables.events.update({ id: first?.event_id ?? "" }, ({ deliveries }) => ({
      rescue_at: null,
      deliveries: String(deliveries).replaceAll("pending", "dead"),
    }));
    const listing = vi.spyOn(env.BODIES, "list");
    await stand.runMaintenance();
    // One bucket for all: its bodies are gone through once, and the segments of each shard.
    const prefixes = listing.mock.calls.map(([options]) => options?.prefix);
    expect(new Set(prefixes)).toEqual(new Set(["events/", "segments/0/", "segments/1/"]));
    expect(prefixes).toHaveLength(3);
    await stand.runMaintenance();
    expect(await idsIn("events")).toEqual([[], [large[1]]]);
    const { objects } = await env.BODIES.list({ prefix: "events/" });
    expect(objects.map(({ key }) => key)).toEqual([`events/${large[1]}`]);
  });

  it("prunes what is past its time in the second shard", async () => {
    const stand = standUp();
    await destination();
    const id = await integrationIn(1);
    await post(id, "disk");
    await post(id, "disk", "resolve");
    await stand.drain();
    const old = (await idsIn("events"))[1] ?? [];
    expect(old).toHaveLength(2);
    await stand.pass(31 * DAY_MS);
    await stand.runMaintenance();
    expect(await idsIn("events")).toEqual([[], []]);
    expect(await idsIn("alerts")).toEqual([[], []]);
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ accepted: 0, balanced: true });
  });
});

describe("silence", () => {
  const expecting = { options: { expect_every_minutes: 10 } };

  it("of a sender whose events are in the second shard opens an alert there, and an event resolves it", async () => {
    const stand = standUp();
    await destination();
    const id = await integrationIn(1, expecting);
    await post(id, "disk");
    await stand.drain();
    await stand.runMaintenance();
    await stand.pass(8 * MINUTE_MS);
    await stand.runMaintenance();
    await post(id, "disk");
    await stand.pass(8 * MINUTE_MS);
    await stand.runMaintenance();
    await stand.drain();
    expect(unwrap(await client.alerts.list()).data).toHaveLength(1);

    await stand.pass(11 * MINUTE_MS);
    await stand.runMaintenance();
    await stand.drain();
    const [silent] = unwrap(await client.alerts.list({ status: "open" })).data;
    expect(unwrap(await client.alerts.list()).data).toHaveLength(2);
    expect(silent).toMatchObject({ integration_id: id, title: expect.stringContaining("10 minutes") });
    expect((await idsIn("alerts")).map(({ length }) => length)).toEqual([0, 2]);
    await post(id, "disk");
    await stand.drain();
    await stand.pass(MINUTE_MS);
    await stand.runMaintenance();
    await stand.drain();
    expect(unwrap(await client.alerts.get(silent?.id ?? ""))).toMatchObject({ status: "resolved" });
  });

  it("is over in the shard of an integration that is deleted", async () => {
    const stand = standUp();
    await destination();
    const id = await integrationIn(1, expecting);
    await stand.runMaintenance();
    await stand.pass(11 * MINUTE_MS);
    await stand.runMaintenance();
    await stand.drain();
    expect(unwrap(await client.alerts.list({ status: "open" })).data).toHaveLength(1);
    await client.integrations.delete(id);
    await stand.runMaintenance();
    await stand.drain();
    expect(unwrap(await client.alerts.list({ status: "open" })).data).toEqual([]);
    expect(await tables.heartbeats.count()).toBe(0);
  });

  it("of a sender whose shard is not bound is no silence, and keeps nobody else's from being told", async () => {
    const stand = standUp();
    await destination();
    const lost = await integrationIn(1, expecting);
    const other = await integrationIn(0, expecting);
    await tables.integrations.update({ id: lost }, { shard: 7 });
    await stand.runMaintenance();
    await stand.pass(11 * MINUTE_MS);
    await stand.runMaintenance();
    await stand.drain();
    expect(unwrap(await client.alerts.list()).data.map(({ integration_id }) => integration_id)).toEqual([other]);
  });
});

describe("the balance", () => {
  const even = { delivered: 2, dead: 0, pending: 1, cancelled: 0, ignored: 0 };

  it("adds up", () => {
    expect(addUp([reconcile(3, even, 1), reconcile(3, even, 0)])).toEqual({
      accepted: 7,
      delivered: 4,
      dead: 0,
      pending: 2,
      cancelled: 0,
      ignored: 0,
      outbox: 1,
      balanced: true,
    });
  });

  it("is not balanced where one shard has too much of what another one misses", () => {
    const sum = addUp([reconcile(4, even, 0), reconcile(2, even, 0)]);
    expect(sum.accepted).toBe(sum.delivered + sum.pending);
    expect(sum.balanced).toBe(false);
  });
});
