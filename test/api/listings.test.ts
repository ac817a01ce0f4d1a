import { contextOf } from "../../src/context.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { EventContent } from "../../src/model/event.ts";
import { alertIdOf } from "../../src/model/ids.ts";
import { listEvents } from "../../src/storage/events/log.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, faultsOf, request, statusOf, unchecked } from "../support/api.ts";
import { tables } from "../support/tables.ts";
import { AT, contentOf, deliveryTo, mint, storeAlert, storeEvent, storeLargeEvent } from "./records.ts";

/** What a delivery shows of the events here. */
const EVENT_FIELDS = { event_type: "alert.created", title: null, summary: "Id: k", integration_id: "int_1" } as const;

async function idsOf(path: string): Promise<unknown[]> {
  const reply = await request(path);
  expect(reply.status).toBe(200);
  return JSON.parse(reply.text).data.map((row: { id: unknown }) => row.id);
}

describe("events", () => {
  it("show what arrived, and their deliveries in the single view only", async () => {
    const id = mint("evt").id;
    const stored = [deliveryTo(id, "dst_0123456789abcdefghjkmnpqrstv")];
    const deliveries = stored.map((each) => ({ ...each, ...EVENT_FIELDS }));
    await storeEvent({ id, alert_id: "alr_1", deliveries: stored }, contentOf({ Id: "k", n: [1] }, "a note"));
    const row = {
      id,
      integration_id: "int_1",
      type: "alert.created",
      outcome: "created",
      alert_id: "alr_1",
      title: null,
      summary: "Id: k",
      received_at: AT,
      created_at: AT,
      updated_at: AT,
      payload: { Id: "k", n: [1] },
      headers: { "content-type": "application/json", authorization: "[redacted]" },
      unrouted: false,
      delivery_counts: { pending: 0, delivered: 1, dead: 0, cancelled: 0, outstanding: 0 },
      note: "a note",
    };
    expect(unwrap(await client.events.list())).toEqual({ data: [row], next_cursor: null });
    expect(unwrap(await client.events.get(id))).toEqual({ ...row, deliveries, groups: [] });
  });

  it("show a payload that is not what the body says", async () => {
    const id = await storeEvent({}, { ...contentOf({}), payload: { merged: true } });
    expect(unwrap(await client.events.get(id)).payload).toEqual({ merged: true });
  });

  it("show a body that is kept apart, and go on without it when it is gone", async () => {
    const id = await storeLargeEvent({ Id: "large", text: "x".repeat(300_000) });
    const shown = await client.events.get(id);
    expect(unwrap(shown).payload).toMatchObject({ Id: "large" });
    expect(unwrap(shown).note).toMatch(/^large/);
    expect(unwrap(await client.events.list()).data[0]?.payload).toEqual(unwrap(shown).payload);
    await env.BODIES.delete(`events/${id}`);
    const gone = await client.events.get(id);
    expect(statusOf(gone)).toBe(200);
    expect(unwrap(gone)).toMatchObject({ id, payload: null, headers: null, note: "The content is gone." });
    expect(await idsOf("/events")).toEqual([id]);
  });

  it("are filtered by integration, outcome, type and alert", async () => {
    const { id } = mint("evt");
    const alert_id = alertIdOf(id);
    const a = await storeEvent({ id, alert_id });
    const b = await storeEvent({ integration_id: "int_2", outcome: "repeated", type: "alert.repeated", alert_id });
    const c = await storeEvent({ outcome: "ignored", type: null });
    expect(await idsOf("/events")).toEqual([c, b, a]);
    expect(await idsOf("/events?integration_id=int_1")).toEqual([c, a]);
    expect(await idsOf("/events?outcome=ignored")).toEqual([c]);
    expect(await idsOf("/events?type=alert.repeated")).toEqual([b]);
    expect(await idsOf(`/events?alert_id=${alert_id}`)).toEqual([b, a]);
    expect(await idsOf(`/events?alert_id=${alert_id}&integration_id=int_1&limit=1`)).toEqual([a]);
    expect(await idsOf("/events?integration_id=%00%27%20OR%201=1")).toEqual([]);
    expect(faultsOf(await client.events.list({ outcome: unchecked("nope"), type: unchecked("nope") }))).toEqual([
      "outcome",
      "type",
    ]);
    expect(faultsOf(await client.events.list(unchecked({ status: "delivered" })))).toEqual(["status"]);
  });

  it("come in pages without gap or repeat, 120 of them made in one millisecond", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 120; i++) ids.push(await storeEvent({ outcome: i % 3 === 0 ? "repeated" : "created" }));
    for (const limit of [1, 50, 120, 250]) {
      expect((await Array.fromAsync(client.events.all({ limit }))).map((row) => row.id)).toEqual(ids.toReversed());
    }
    const repeated = ids.filter((_, i) => i % 3 === 0).toReversed();
    expect((await Array.fromAsync(client.events.all({ outcome: "repeated", limit: 7 }))).map((row) => row.id)).toEqual(
      repeated,
    );
  });

  it("come in shorter pages where they are large, and still all of them", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) ids.push(await storeEvent({}, contentOf({ text: "x".repeat(1_000_000) })));
    for (let i = 0; i < 3; i++) ids.push(await storeLargeEvent({ text: "x".repeat(5_000_000) }));
    const first = await client.events.list({ limit: 250 });
    expect(unwrap(first).data).toHaveLength(1);
    expect(unwrap(first).next_cursor).not.toBe(null);
    expect((await Array.fromAsync(client.events.all({ limit: 250 }))).map((row) => row.id)).toEqual(ids.toReversed());
  });
});

it("pages that are to be in memory together share the room that one would have", async () => {
  for (let i = 0; i < 6; i++) await storeEvent({}, contentOf({ text: "x".repeat(1_000_000) }));
  const lengthOf = async (shares: number): Promise<number> =>
    (await listEvents(contextOf(env), { limit: 50, before: null, shares }, {})).rows.length;
  expect([await lengthOf(1), await lengthOf(2), await lengthOf(4), await lengthOf(100)]).toEqual([6, 3, 1, 1]);
});

describe("titles", () => {
  const TO = "dst_0000000000000000000000000001";

  /** The titles that an event and its delivery show, in lists and alone. */
  async function titlesOf(id: string): Promise<unknown[]> {
    const delivery = deliveryTo(id, TO).id;
    const listed = (rows: readonly { readonly id: string; readonly title: string | null }[], own: string) =>
      rows.find((row) => row.id === own)?.title;
    return [
      unwrap(await client.events.get(id)).title,
      unwrap(await client.events.get(id)).deliveries[0]?.title,
      unwrap(await client.deliveries.get(delivery)).title,
      listed(unwrap(await client.events.list()).data, id),
      listed(unwrap(await client.deliveries.list()).data, delivery),
    ];
  }

  async function storeTitled(
    content: EventContent,
    alert: Readonly<Record<string, unknown>> | null = null,
  ): Promise<string> {
    const { id } = mint("evt");
    const event = { id, integration_id: "int_1", type: "event.received", deliveries: [deliveryTo(id, TO)] };
    await tables.events.insert({ ...event, content, alert });
    return id;
  }

  const snapshot = {
    id: "alr_1",
    key: 'a "title":"not this one" k',
    status: "open",
    title: 'The "disk" is full\\ \u0000\u{1f525} é',
    description: "d".repeat(30_000),
    meta: { title: "nor this one" },
  };

  it.each([
    ["its alert's", contentOf({ title: "the payload" }), snapshot, snapshot.title],
    ["its alert's, cut", contentOf({}), { ...snapshot, title: "é".repeat(5_000) }, "é".repeat(1_000)],
    ["a field of its payload", contentOf({ id: 5, Subject: " Build failed ", message: "m" }), null, "Build failed"],
    ["a number of its payload", contentOf({ name: 7 }), null, "7"],
    ["none", contentOf({ title: { nested: true }, subject: "  " }), null, null],
    ["none of a list", contentOf(["title"]), null, null],
    ["none of a long payload", contentOf({ title: "t", text: "x".repeat(20_000) }), null, null],
  ])("are the same wherever an event or its delivery is shown: %s", async (_, content, alert, title) => {
    const id = await storeTitled(content, alert);
    expect(await titlesOf(id)).toEqual(Array(5).fill(title));
  });

  it.each([
    ["the title", contentOf({ Subject: "Build failed" }), null, "Build failed"],
    ["its alert's title", contentOf({ id: 5 }), snapshot, snapshot.title],
    ["nothing for a blank title", contentOf({ id: 5 }), { ...snapshot, title: "" }, null],
    ["the beginning of a payload", contentOf({ type: "paid", id: 5, more: { a: 1 } }), null, "paid · id: 5"],
    ["nothing of an empty payload", contentOf({}), null, null],
    ["nothing of a long payload", contentOf({ text2: "x".repeat(20_000) }), null, null],
  ])("a summary is, wherever an event or its delivery is shown: %s", async (_, content, alert, summary) => {
    const id = await storeTitled(content, alert);
    const delivery = deliveryTo(id, TO).id;
    const event = unwrap(await client.events.get(id));
    const shown = [
      event,
      ...event.deliveries,
      unwrap(await client.deliveries.get(delivery)),
      ...unwrap(await client.events.list()).data.filter((row) => row.id === id),
      ...unwrap(await client.deliveries.list()).data.filter((row) => row.id === delivery),
    ];
    expect(shown.map((row) => row.summary)).toEqual(Array(5).fill(summary));
  });

  it("an event counts its deliveries by status, and the dead ones that were not replayed apart", async () => {
    const { id } = mint("evt");
    const statuses = ["dead", "dead", "pending", "delivered", "cancelled"] as const;
    const deliveries = statuses.map((status, index) =>
      deliveryTo(id, TO.slice(0, -1) + index, { status, replayed_by: index === 0 ? "dlv_later" : null }),
    );
    await storeEvent({ id, deliveries });
    const counts = { pending: 1, delivered: 1, dead: 2, cancelled: 1, outstanding: 1 };
    expect(unwrap(await client.events.get(id)).delivery_counts).toEqual(counts);
    expect(unwrap(await client.events.list()).data.find((row) => row.id === id)?.delivery_counts).toEqual(counts);
  });

  it("go with the content of an event that is erased", async () => {
    const id = await storeTitled(contentOf({ title: "a secret" }));
    const alerting = await storeTitled(contentOf({}), snapshot);
    unwrap(await client.events.erase(id));
    unwrap(await client.events.erase(alerting));
    expect(await titlesOf(id)).toEqual(Array(5).fill(null));
    expect(await titlesOf(alerting)).toEqual(Array(5).fill("(erased)"));
  });
});

describe("alerts", () => {
  it("show their fields", async () => {
    await storeAlert("alr_1", "open");
    const shown = await client.alerts.get("alr_1");
    expect(unwrap(shown)).toEqual({
      id: "alr_1",
      integration_id: "int_1",
      key: "k",
      status: "open",
      title: "t",
      description: "d",
      urgency: "high",
      tags: ["a"],
      meta: { shard: 7 },
      incident: null,
      additional_data: [{ format: "text", label: "l", value: "v" }],
      dedup_count: 2,
      created_at: AT,
      updated_at: AT,
      acknowledged_at: null,
      resolved_at: null,
      captured: [],
    });
    const { captured: _captured, ...row } = unwrap(shown);
    expect(unwrap(await client.alerts.list())).toEqual({ data: [row], next_cursor: null });
  });

  it("are filtered by status and integration, and come in pages", async () => {
    const statuses = ["open", "acknowledged", "resolved"];
    for (let i = 0; i < 9; i++) await storeAlert(`alr_${i}`, statuses[i % 3] ?? "", `int_${i % 2}`);
    expect(await idsOf("/alerts?status=resolved")).toEqual(["alr_8", "alr_5", "alr_2"]);
    expect(await idsOf("/alerts?status=resolved&integration_id=int_0")).toEqual(["alr_8", "alr_2"]);
    expect((await Array.fromAsync(client.alerts.all({ limit: 4 }))).map((row) => row.id)).toEqual(
      [8, 7, 6, 5, 4, 3, 2, 1, 0].map((i) => `alr_${i}`),
    );
    expect(faultsOf(await client.alerts.list({ status: unchecked("closed") }))).toEqual(["status"]);
    expect(faultsOf(await client.alerts.list(unchecked({ outcome: "created" })))).toEqual(["outcome"]);
  });
});

describe("deliveries", () => {
  const destinations = ["dst_0000000000000000000000000001", "dst_0000000000000000000000000002"] as const;

  it("show their attempts, one by one and in the list", async () => {
    const id = mint("evt").id;
    const delivery = deliveryTo(id, destinations[0], { status: "pending", next_attempt_at: AT, reason: "500" });
    await storeEvent({ id, deliveries: [delivery] });
    const shown = { ...delivery, ...EVENT_FIELDS };
    expect(unwrap(await client.deliveries.get(delivery.id))).toEqual(shown);
    expect(unwrap(await client.deliveries.list())).toEqual({ data: [shown], next_cursor: null });
    expect(statusOf(await client.deliveries.get(`${delivery.id.slice(0, -1)}x`))).toBe(404);
  });

  it("are filtered by status, destination, event and integration", async () => {
    const [one, two] = [mint("evt").id, mint("evt").id];
    const first = deliveryTo(one, destinations[0]);
    const dead = deliveryTo(one, destinations[1], { status: "dead" });
    const other = deliveryTo(two, destinations[0], { status: "dead" });
    await storeEvent({ id: one, deliveries: [first, dead] });
    await storeEvent({ id: two, integration_id: "int_2", deliveries: [other] });
    await storeEvent({ outcome: "ignored", type: null });
    expect(await idsOf("/deliveries")).toEqual([other.id, dead.id, first.id]);
    expect(await idsOf("/deliveries?status=dead")).toEqual([other.id, dead.id]);
    expect(await idsOf(`/deliveries?destination_id=${destinations[0]}`)).toEqual([other.id, first.id]);
    expect(await idsOf(`/deliveries?event_id=${one}`)).toEqual([dead.id, first.id]);
    expect(await idsOf("/deliveries?integration_id=int_2")).toEqual([other.id]);
    expect(await idsOf(`/deliveries?integration_id=int_1&status=dead&event_id=${one}`)).toEqual([dead.id]);
    expect(await idsOf("/deliveries?event_id=%00")).toEqual([]);
    expect(faultsOf(await client.deliveries.list({ status: unchecked("failed") }))).toEqual(["status"]);
  });

  it("come in pages without gap or repeat, also where a page ends inside an event", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) {
      const { id } = mint("evt");
      const deliveries = destinations.map((destination) => deliveryTo(id, destination));
      ids.push(...deliveries.map((delivery) => delivery.id));
      // The order inside of the row does not matter.
      await storeEvent({ id, deliveries: i % 2 === 0 ? deliveries : deliveries.toReversed() });
    }
    for (const limit of [1, 7, 50, 120, 250]) {
      expect((await Array.fromAsync(client.deliveries.all({ limit }))).map((row) => row.id)).toEqual(ids.toReversed());
    }
  });
});
