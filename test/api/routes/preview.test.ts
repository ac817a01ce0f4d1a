import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { type Route, type RoutePreviewRequest, unwrap } from "../../../src/client/index.ts";
import { client, createDestination, faultsOf, request, statusOf, unchecked } from "../../support/api.ts";
import { contentOf, storeEvent, storeLargeEvent } from "../records.ts";
import { tables } from "../../support/tables.ts";

let route: Pick<Route, "id"> = { id: "" };

beforeEach(async () => {
  const destination = await createDestination();
  route = unwrap(
    await client.routes.create({
      name: "a",
      destination_ids: [destination.id],
      match: { "data.event.payload.env": "prod" },
    }),
  );
});

async function preview(body?: RoutePreviewRequest) {
  return await client.routes.preview(route.id, body);
}

async function store(payload: object, record: Parameters<typeof storeEvent>[0] = {}): Promise<string> {
  return await storeEvent(record, contentOf(payload));
}

describe("the preview of a route", () => {
  it("says of the newest events which would match, and of the others why not", async () => {
    const taken = await store({ env: "prod" });
    const other = await store({ env: "test" });
    const repeat = await store({ env: "prod" }, { type: "alert.repeated", outcome: "repeated" });
    const ignored = await store({ env: "prod" }, { type: null, outcome: "ignored" });
    const reply = await preview();
    expect(statusOf(reply)).toBe(200);
    const { data, matched } = unwrap(reply);
    const decisions = data.map(({ event_id, type, matches, reason }) => ({ event_id, type, matches, reason }));
    expect({ data: decisions, matched }).toEqual({
      data: [
        { event_id: ignored, type: null, matches: false, reason: "event_type" },
        { event_id: repeat, type: "alert.repeated", matches: false, reason: "event_type" },
        { event_id: other, type: "alert.created", matches: false, reason: "match" },
        { event_id: taken, type: "alert.created", matches: true, reason: null },
      ],
      matched: 1,
    });
    expect(unwrap(await preview({ limit: 1 })).data).toHaveLength(1);
  });

  it("tries other fields than the stored ones, and stores nothing", async () => {
    const [first, second] = [await store({ env: "prod", n: 1 }), await store({ env: "test", n: 2 })];
    const reasons = async (body: RoutePreviewRequest) =>
      unwrap(await preview({ event_ids: [first, second], ...body })).data.map(({ reason }) => reason);
    expect(await reasons({})).toEqual([null, "match"]);
    expect(await reasons({ match: null })).toEqual([null, null]);
    expect(await reasons({ match: { "data.event.payload.n": { $gte: 2 } } })).toEqual(["match", null]);
    expect(await reasons({ enabled: false })).toEqual(["disabled", "disabled"]);
    expect(await reasons({ integration_ids: ["int_2"] })).toEqual(["integration", "integration"]);
    expect(await reasons({ event_types: ["alert.resolved"] })).toEqual(["event_type", "event_type"]);
    expect(unwrap(await client.routes.get(route.id))).toEqual(route);
  });

  it("tries a route that is not created yet, with the defaults of its fields", async () => {
    const id = await store({ env: "prod", title: "Disk full" });
    await store({ env: "test" });
    const reply = await client.routePreviews.create({ match: { "data.event.payload.env": "prod" } });
    expect(unwrap(reply)).toMatchObject({
      data: [
        { matches: false, reason: "match" },
        { event_id: id, integration_id: "int_1", matches: true },
      ],
      matched: 1,
    });
    expect(unwrap(await client.routePreviews.create()).matched).toBe(2);
    expect(faultsOf(await client.routePreviews.create(unchecked({ match: { env: 1 } })))).toEqual(["match.env"]);
    expect(unwrap(await client.routes.list({})).data).toHaveLength(1);
  });

  it("looks at the alert as the event left it", async () => {
    const id = await store({ env: "prod" });
    const alert = { id: "alr_1", key: "k", title: "Disk full", status: "open", urgency: "high", tags: ["a"] };
    await tables.events.update({ id }, { alert: JSON.stringify(alert) });
    const match = { "data.alert.urgency": { $in: ["high", "critical"] }, "data.alert.tags": "a" };
    expect(unwrap(await preview({ match })).matched).toBe(1);
    expect(unwrap(await preview({ match: { "data.alert.urgency": "low" } })).matched).toBe(0);
  });

  it("takes repeats where the route groups", async () => {
    await store({ env: "prod" }, { type: "alert.repeated", outcome: "repeated" });
    expect(unwrap(await preview({ group_window_seconds: 60 })).matched).toBe(1);
  });

  it("reads bodies that are kept apart, and matches none that is gone", async () => {
    const id = await storeLargeEvent({ env: "prod", text: "x".repeat(300_000) });
    expect(unwrap(await preview()).matched).toBe(1);
    await env.BODIES.delete(`events/${id}`);
    expect(unwrap(await preview()).data).toMatchObject([{ reason: "match" }]);
  });

  it("does not match where the filter costs too much", async () => {
    await store({ env: "prod", list: Array.from({ length: 20_000 }, (_, index) => ({ index })) });
    const clause = { "data.event.payload.list.index": { $gte: -1, $lt: 0 } };
    const match = { $nor: Array.from({ length: 90 }, () => clause) };
    expect(unwrap(await preview({ match })).data).toMatchObject([{ matches: false, reason: "match" }]);
  });

  it("of a route that is not there is a 404", async () => {
    expect(statusOf(await client.routes.preview("rte_none", {}))).toBe(404);
  });

  it.each([
    [{ limit: 0 }, "limit"],
    [{ limit: 101 }, "limit"],
    [{ event_ids: [] }, "event_ids"],
    [{ event_ids: ["evt_none"] }, "event_ids[0]"],
    [{ match: { x: { $nope: 1 } } }, "match.x.$nope"],
    [{ nope: 1 }, "nope"],
  ])("is refused with %j", async (body, path) => {
    const reply = await preview(unchecked(body));
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual([path]);
  });
});

describe("events that nobody is owed", () => {
  it("are shown as such, and can be listed", async () => {
    const unrouted = await store({});
    const ignored = await store({}, { type: null, outcome: "ignored" });
    const grouped = await store({});
    await tables.events.update({ id: grouped }, { grouped: 1 });
    const listed = async (query: string) =>
      JSON.parse((await request(`/events?${query}`)).text).data.map(({ id }: { id: string }) => id);
    expect(await listed("unrouted=true")).toEqual([unrouted]);
    expect(await listed("unrouted=false")).toEqual([grouped, ignored]);
    expect(unwrap(await client.events.get(unrouted)).unrouted).toBe(true);
    expect(unwrap(await client.events.get(ignored)).unrouted).toBe(false);
    expect(faultsOf(await client.events.list({ unrouted: unchecked("1") }))).toEqual(["unrouted"]);
  });

  it("are not those of a group, which the single view names", async () => {
    const id = await store({});
    await tables.events.update({ id }, { grouped: 2 });
    const closesAt = Date.parse("2026-11-20T10:01:00.000Z");
    await tables.groups.insert({
      id: "grp_1",
      route_id: "rte_1",
      integration_id: "int_1",
      group_key: "disk",
      destination_ids: ["dst_1", "dst_2"],
      opened_at: closesAt - 60_000,
      closes_at: closesAt,
    });
    await tables.group_members.insert({ group_id: "grp_1", event_id: id });
    const shown = unwrap(await client.events.get(id));
    expect(shown.unrouted).toBe(false);
    expect(shown.groups).toEqual([
      { route_id: "rte_1", group: "disk", closes_at: "2026-11-20T10:01:00.000Z", event_id: null },
    ]);
  });
});
