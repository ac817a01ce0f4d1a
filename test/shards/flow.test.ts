import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { SHARED_NAMESPACE } from "../../src/model/event.ts";
import { api, create, faults } from "../api/client.ts";
import { admin } from "../support/flow.ts";
import { countsOf, destination, idsIn, integrationIn, listed, post, shard, shown, standUp } from "./stand.ts";
import { tables, tablesOf } from "../support/tables.ts";

describe("two integrations in two shards", () => {
  it("have their events in two databases, through two queues, delivered and shown together", async () => {
    const stand = standUp();
    const to = await destination();
    const sent: string[] = [];
    for (const number of [0, 1]) {
      const answer = await post(await integrationIn(number), "disk");
      expect(answer.status).toBe(200);
      sent.push(String(answer.json["id"]));
    }
    expect(stand.queued()).toMatchObject({ "hookgate-events": 1, "hookgate-1-events": 1 });
    expect(await idsIn("outbox")).toEqual(sent.map((id) => [id]));
    await stand.drain();

    expect(await idsIn("events")).toEqual(sent.map((id) => [id]));
    expect(await idsIn("outbox")).toEqual([[], []]);
    expect(stand.seen.map(({ url }) => url)).toEqual(Array(2).fill("https://receiver.example.com/in"));
    expect((await listed("/events")).map(({ id }) => id)).toEqual(sent.toReversed());
    const deliveries = await listed(`/deliveries?destination_id=${to}&status=delivered`);
    expect(deliveries.map(({ event_id }) => event_id)).toEqual(sent.toReversed());
    for (const id of sent)
      expect(await shown(`/events/${id}`)).toMatchObject({ id, deliveries: [{ status: "delivered" }] });
    for (const { id } of deliveries)
      expect(await shown(`/deliveries/${id}`)).toMatchObject({ id, status: "delivered" });
    expect(await shown("/reconciliation")).toMatchObject({ accepted: 2, delivered: 2, outbox: 0, balanced: true });
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
    expect(await listed(`/events?integration_id=${second}`)).toHaveLength(2);
    expect(await listed(`/alerts?integration_id=${first}`)).toHaveLength(1);
    expect(await listed(`/deliveries?integration_id=${second}`)).toHaveLength(1);
    await api("DELETE", `/integrations/${second}`);
    expect(await listed(`/events?integration_id=${second}`)).toHaveLength(2);
    expect(await listed("/events?integration_id=int_nobody")).toEqual([]);
  });

  it("show their samples, and a preview against their own alerts", async () => {
    const stand = standUp();
    const id = await integrationIn(1);
    await post(id, "disk");
    await stand.drain();
    expect((await shown(`/integrations/${id}/samples`))["data"]).toHaveLength(1);
    const preview = await api("POST", `/integrations/${id}/preview`, {
      event_type: "create",
      Id: "disk",
      Title: "disk",
    });
    expect(preview.json).toMatchObject({ accepted: true, events: [{ outcome: "repeated" }] });
  });

  it("are used by previews and tests of what is in the home", async () => {
    const stand = standUp();
    const to = await destination();
    const route = (await listed("/routes"))[0]?.["id"];
    await post(await integrationIn(0), "older");
    const { id } = (await post(await integrationIn(1), "newer")).json;
    await stand.drain();
    expect((await api("POST", `/destinations/${to}/preview`, {})).json).toMatchObject({ ok: true, event_id: id });
    expect((await api("POST", `/destinations/${to}/preview`, { event_id: id })).json).toMatchObject({ ok: true });
    expect(faults(await api("POST", `/destinations/${to}/preview`, { event_id: "evt_none" }))).toEqual(["event_id"]);
    expect((await api("POST", `/destinations/${to}/test`, { event_id: id })).json).toMatchObject({ ok: true });
    expect((await api("POST", `/routes/${route}/preview`, {})).json).toMatchObject({ matched: 2 });
    expect((await api("POST", `/routes/${route}/preview`, { event_ids: [id] })).json).toMatchObject({ matched: 1 });
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
    expect(await shown(`/events/${id}`)).toMatchObject({ id });
    expect((await admin("GET", "/events/evt_none")).status).toBe(500);
  });
});

describe("an alert in the second shard", () => {
  it("is listed with the others, acknowledged and resolved by hand", async () => {
    const stand = standUp();
    await destination();
    for (const number of [0, 1]) await post(await integrationIn(number), "disk");
    await stand.drain();
    const alerts = await listed("/alerts?status=open");
    expect(alerts).toHaveLength(2);
    const id = alerts[0]?.["id"];
    expect(await idsIn("alerts")).toEqual([[alerts[1]?.["id"]], [id]]);
    for (const [action, status] of [
      ["acknowledge", "acknowledged"],
      ["resolve", "resolved"],
    ]) {
      expect((await api("POST", `/alerts/${id}/${action}`)).json).toMatchObject({ id, status });
      await stand.drain();
      expect(await shown(`/alerts/${id}`)).toMatchObject({ status, integration_id: alerts[0]?.["integration_id"] });
    }
    expect((await idsIn("events")).map(({ length }) => length)).toEqual([1, 3]);
    expect((await api("POST", "/alerts/alr_none/resolve")).status).toBe(404);
  });

  it("that integrations share a key of is united within a shard only", async () => {
    const stand = standUp();
    const integrations = [await integrationIn(0), await integrationIn(1), await integrationIn(1)];
    for (const id of integrations) await post(id, "disk", "create", { dedup_keys: ["disk"] });
    await stand.drain();
    const alerts = await listed("/alerts");
    expect(alerts.map(({ integration_id }) => integration_id)).toEqual([integrations[1], integrations[0]]);
    expect(alerts.map(({ dedup_count }) => dedup_count)).toEqual([1, 0]);
    expect(await tablesOf(shard(1).db).alert_histories.all()).toMatchObject([{ namespace: SHARED_NAMESPACE }]);
  });
});

describe("what is grouped in the second shard", () => {
  it("is told as one event of that shard, once its window is over", async () => {
    const stand = standUp();
    const { id: to } = await create("destinations", {
      name: "r",
      type: "webhook",
      url: "https://receiver.example.com/in",
    });
    await create("routes", { name: "grouped", destination_ids: [to], group_window_seconds: 60 });
    const id = await integrationIn(1);
    for (const key of ["disk", "disk"]) await post(id, key);
    await stand.drain();
    expect(stand.seen).toEqual([]);
    await stand.pass(63_000);
    expect(stand.seen.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: "event.group", data: { occurrences: 2 } },
    ]);
    expect((await idsIn("events")).map(({ length }) => length)).toEqual([0, 3]);
    expect(await shown("/reconciliation")).toMatchObject({ accepted: 2, delivered: 2, balanced: true });
    const events = await listed("/events");
    expect((await shown(`/events/${events.at(-1)?.["id"]}`))["groups"]).toHaveLength(1);
  });
});

describe("an integration", () => {
  it("shows its shard, which is the same after a change of anything else", async () => {
    const id = await integrationIn(1);
    expect(await shown(`/integrations/${id}`)).toMatchObject({ shard: 1 });
    expect((await api("PATCH", `/integrations/${id}`, { name: "other", shard: 1 })).json).toMatchObject({ shard: 1 });
    const refused = await api("PATCH", `/integrations/${id}`, { shard: 0 });
    expect(refused.status).toBe(400);
    expect(faults(refused)).toEqual(["shard"]);
    expect(await shown(`/integrations/${id}`)).toMatchObject({ shard: 1, name: "other" });
  });

  it.each([2, -1, 1.5, "1", null])("is not made in a shard that is %s", async (number) => {
    const refused = await api("POST", "/integrations", { name: "a", type: "catch", shard: number });
    expect(refused.status).toBe(400);
    expect(faults(refused)).toEqual(["shard"]);
  });

  it("goes to either shard where none is named, and its events follow it", async () => {
    const stand = standUp();
    const made = new Map<number, string>();
    for (let count = 0; count < 64 && made.size < 2; count++) {
      const { id, shard: number } = await create("integrations", { name: "a", type: "pagertree" });
      made.set(Number(number), String(id));
    }
    expect(new Set(made.keys())).toEqual(new Set([0, 1]));
    for (const [number, id] of made) {
      const sent = await post(id, "disk");
      await stand.drain();
      expect((await idsIn("events"))[number]).toEqual([sent.json["id"]]);
    }
  });

  it("whose shard is not bound (any more) has senders come again, and loses nothing", async () => {
    const stand = standUp();
    const id = await integrationIn(1);
    await tables.integrations.update({ id }, { shard: 7 });
    const answer = await post(id, "disk");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer.json["title"]).toContain("not connected");
    expect(Object.values(stand.queued())).toEqual([0, 0, 0, 0]);
    expect((await api("GET", `/integrations/${id}/samples`)).status).toBe(503);
    expect((await api("POST", `/integrations/${id}/preview`, { event_type: "create", Id: "disk" })).status).toBe(503);
    expect(await listed(`/events?integration_id=${id}`)).toEqual([]);
    expect(await shown(`/integrations/${id}`)).toMatchObject({ shard: 7 });
  });
});
