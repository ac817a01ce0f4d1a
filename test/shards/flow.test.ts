import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { SHARED_NAMESPACE } from "../../src/model/event.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, faultsOf, request, statusOf, unchecked } from "../support/api.ts";
import { countsOf, destination, idsIn, integrationIn, post, shard, standUp } from "./stand.ts";
import { tables, tablesOf } from "../support/tables.ts";

describe("two integrations in two shards", () => {
  it("have their events in two databases, through two queues, delivered and shown together", async () => {
    const stand = standUp();
    const to = await destination();
    const sent: string[] = [];
    for (const number of [0, 1]) {
      const answer = await post(await integrationIn(number), "disk");
      expect(answer.status).toBe(200);
      sent.push(answer.json.id);
    }
    expect(stand.queued()).toMatchObject({ "hookgate-events": 1, "hookgate-1-events": 1 });
    expect(await idsIn("outbox")).toEqual(sent.map((id) => [id]));
    await stand.drain();

    expect(await idsIn("events")).toEqual(sent.map((id) => [id]));
    expect(await idsIn("outbox")).toEqual([[], []]);
    expect(stand.seen.map(({ url }) => url)).toEqual(Array(2).fill("https://receiver.example.com/in"));
    expect(unwrap(await client.events.list()).data.map(({ id }) => id)).toEqual(sent.toReversed());
    const deliveries = unwrap(await client.deliveries.list({ destination_id: to, status: "delivered" })).data;
    expect(deliveries.map(({ event_id }) => event_id)).toEqual(sent.toReversed());
    for (const id of sent)
      expect(unwrap(await client.events.get(id))).toMatchObject({ id, deliveries: [{ status: "delivered" }] });
    for (const { id } of deliveries)
      expect(unwrap(await client.deliveries.get(id))).toMatchObject({ id, status: "delivered" });
    expect(unwrap(await client.reconciliation.get())).toMatchObject({
      accepted: 2,
      delivered: 2,
      outbox: 0,
      balanced: true,
    });
  });

  it("keep the configuration in the home alone", async () => {
    await destination();
    await integrationIn(1);
    for (const table of ["integrations", "destinations", "routes"] as const) {
      expect(await countsOf(table)).toEqual([1, 0]);
    }
  });

  it("list what is asked of one integration from its shard alone, and that of one that is gone from all", async () => {
    const stand = standUp();
    await destination();
    const [first, second] = [await integrationIn(0), await integrationIn(1)];
    for (const id of [first, second, second]) await post(id, "disk");
    await stand.drain();
    expect(unwrap(await client.events.list({ integration_id: second })).data).toHaveLength(2);
    expect(unwrap(await client.alerts.list({ integration_id: first })).data).toHaveLength(1);
    expect(unwrap(await client.deliveries.list({ integration_id: second })).data).toHaveLength(1);
    await client.integrations.delete(second);
    expect(unwrap(await client.events.list({ integration_id: second })).data).toHaveLength(2);
    expect(unwrap(await client.events.list({ integration_id: "int_nobody" })).data).toEqual([]);
  });

  it("show their samples, and a preview against their own alerts", async () => {
    const stand = standUp();
    const id = await integrationIn(1);
    await post(id, "disk");
    await stand.drain();
    expect(unwrap(await client.integrations.samples.list(id)).data).toHaveLength(1);
    const preview = await client.integrations.preview(
      id,
      JSON.stringify({
        event_type: "create",
        Id: "disk",
        Title: "disk",
      }),
      { headers: { "content-type": "application/json" } },
    );
    expect(unwrap(preview)).toMatchObject({ accepted: true, events: [{ outcome: "repeated" }] });
  });

  it("are used by previews and tests of what is in the home", async () => {
    const stand = standUp();
    const to = await destination();
    const route = unwrap(await client.routes.list()).data[0]?.id;
    await post(await integrationIn(0), "older");
    const { id } = (await post(await integrationIn(1), "newer")).json;
    await stand.drain();
    expect(unwrap(await client.destinations.preview(to, {}))).toMatchObject({ ok: true, event_id: id });
    expect(unwrap(await client.destinations.preview(to, { event_id: id }))).toMatchObject({ ok: true });
    expect(faultsOf(await client.destinations.preview(to, { event_id: "evt_none" }))).toEqual(["event_id"]);
    expect(unwrap(await client.destinations.test(to, { event_id: id }))).toMatchObject({ ok: true });
    expect(unwrap(await client.routes.preview(route ?? "", {}))).toMatchObject({ matched: 2 });
    expect(unwrap(await client.routes.preview(route ?? "", { event_ids: [id] }))).toMatchObject({ matched: 1 });
  });
});

describe("while one database cannot be read", () => {
  it("what is in the other is shown, and what may be in the first is no 404", async () => {
    const stand = standUp();
    await destination();
    const { id } = (await post(await integrationIn(1), "disk")).json;
    await stand.drain();
    const prepare = env.DB.prepare.bind(env.DB);
    vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
      if (sql.includes("FROM events")) throw new Error("D1_ERROR: Network connection lost.");
      return prepare(sql);
    });
    expect(unwrap(await client.events.get(id))).toMatchObject({ id });
    expect(statusOf(await client.events.get("evt_none"))).toBe(500);
  });
});

describe("an alert in the second shard", () => {
  it("is listed with the others, acknowledged and resolved by hand", async () => {
    const stand = standUp();
    await destination();
    for (const number of [0, 1]) await post(await integrationIn(number), "disk");
    await stand.drain();
    const alerts = unwrap(await client.alerts.list({ status: "open" })).data;
    expect(alerts).toHaveLength(2);
    const id = alerts[0]?.["id"];
    expect(await idsIn("alerts")).toEqual([[alerts[1]?.["id"]], [id]]);
    for (const [action, status] of [
      ["acknowledge", "acknowledged"],
      ["resolve", "resolved"],
    ]) {
      expect(JSON.parse((await request(`/alerts/${id}/${action}`, { method: "POST" })).text)).toMatchObject({
        id,
        status,
      });
      await stand.drain();
      expect(unwrap(await client.alerts.get(id ?? ""))).toMatchObject({
        status,
        integration_id: alerts[0]?.integration_id,
      });
    }
    expect((await idsIn("events")).map(({ length }) => length)).toEqual([1, 3]);
    expect(statusOf(await client.alerts.resolve("alr_none"))).toBe(404);
  });

  it("that integrations share a key of is united within a shard only", async () => {
    const stand = standUp();
    const integrations = [await integrationIn(0), await integrationIn(1), await integrationIn(1)];
    for (const id of integrations) await post(id, "disk", "create", { dedup_keys: ["disk"] });
    await stand.drain();
    const alerts = unwrap(await client.alerts.list()).data;
    expect(alerts.map(({ integration_id }) => integration_id)).toEqual([integrations[1], integrations[0]]);
    expect(alerts.map(({ dedup_count }) => dedup_count)).toEqual([1, 0]);
    expect(await tablesOf(shard(1).db).alert_histories.all()).toMatchObject([{ namespace: SHARED_NAMESPACE }]);
  });
});

describe("what is grouped in the second shard", () => {
  it("is told as one event of that shard, once its window is over", async () => {
    const stand = standUp();
    const { id: to } = unwrap(
      await client.destinations.create({
        name: "r",
        type: "webhook",
        url: "https://receiver.example.com/in",
      }),
    );
    unwrap(await client.routes.create({ name: "grouped", destination_ids: [to], group_window_seconds: 60 }));
    const id = await integrationIn(1);
    for (const key of ["disk", "disk"]) await post(id, key);
    await stand.drain();
    expect(stand.seen).toEqual([]);
    await stand.pass(63_000);
    expect(stand.seen.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: "event.group", data: { occurrences: 2 } },
    ]);
    expect((await idsIn("events")).map(({ length }) => length)).toEqual([0, 3]);
    expect(unwrap(await client.reconciliation.get())).toMatchObject({ accepted: 2, delivered: 2, balanced: true });
    const events = unwrap(await client.events.list()).data;
    expect(unwrap(await client.events.get(events.at(-1)?.id ?? "")).groups).toHaveLength(1);
  });
});

describe("an integration", () => {
  it("shows its shard, which is the same after a change of anything else", async () => {
    const id = await integrationIn(1);
    expect(unwrap(await client.integrations.get(id))).toMatchObject({ shard: 1 });
    expect(unwrap(await client.integrations.update(id, { name: "other", shard: 1 }))).toMatchObject({ shard: 1 });
    const refused = await client.integrations.update(id, { shard: 0 });
    expect(statusOf(refused)).toBe(400);
    expect(faultsOf(refused)).toEqual(["shard"]);
    expect(unwrap(await client.integrations.get(id))).toMatchObject({ shard: 1, name: "other" });
  });

  it.each([2, -1, 1.5, "1", null])("is not made in a shard that is %s", async (number) => {
    const refused = await client.integrations.create({ name: "a", type: "catch", shard: unchecked(number) });
    expect(statusOf(refused)).toBe(400);
    expect(faultsOf(refused)).toEqual(["shard"]);
  });

  it("goes to either shard if none is named, and its events follow it", async () => {
    const stand = standUp();
    const made = new Map<number, string>();
    for (let count = 0; count < 64 && made.size < 2; count++) {
      const { id, shard: number } = unwrap(await client.integrations.create({ name: "a", type: "pagertree" }));
      made.set(number, id);
    }
    expect(new Set(made.keys())).toEqual(new Set([0, 1]));
    for (const [number, id] of made) {
      const sent = await post(id, "disk");
      await stand.drain();
      expect((await idsIn("events"))[number]).toEqual([sent.json.id]);
    }
  });

  it("whose shard is not bound (any more) has senders come again, and loses nothing", async () => {
    const stand = standUp();
    const id = await integrationIn(1);
    await tables.integrations.update({ id }, { shard: 7 });
    const answer = await post(id, "disk");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer.json.title).toContain("not connected");
    expect(Object.values(stand.queued())).toEqual([0, 0, 0, 0]);
    expect(statusOf(await client.integrations.samples.list(id))).toBe(503);
    expect(
      statusOf(
        await client.integrations.preview(id, JSON.stringify({ event_type: "create", Id: "disk" }), {
          headers: { "content-type": "application/json" },
        }),
      ),
    ).toBe(503);
    expect(unwrap(await client.events.list({ integration_id: id })).data).toEqual([]);
    expect(unwrap(await client.integrations.get(id))).toMatchObject({ shard: 7 });
  });
});
