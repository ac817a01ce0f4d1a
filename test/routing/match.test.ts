import { describe, expect, it } from "vitest";
import type { AlertSnapshot } from "../../src/model/alert.ts";
import type { EventContent } from "../../src/model/event.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { Route } from "../../src/model/route.ts";
import { documentOf, envelopeOf, withoutHeaders } from "../../src/model/envelope.ts";
import { groupsOf } from "../../src/routing/grouping.ts";
import { type Candidate, checkRoute, readingOf, selectRoutes } from "../../src/routing/select.ts";
import { routeWith } from "../support/configuration.ts";
import { eventMessage } from "../support/world.ts";

const { id, integration_id, received_at, content } = eventMessage("create", "disk");
const ALERT: AlertSnapshot = {
  id: "alr_1",
  key: "disk",
  status: "open",
  title: "Disk full",
  description: "",
  urgency: "high",
  tags: ["db", "eu"],
  meta: {},
  incident: null,
  additional_data: [],
  dedup_count: 2,
};

function contentWith(body: string): EventContent {
  return { ...content, request: { ...content.request, body } };
}

function event(payload: Json, changes: Partial<Candidate> = {}): Candidate {
  const written = contentWith(JSON.stringify(payload));
  return { id, integration_id, received_at, type: "alert.created", alert: ALERT, content: written, ...changes };
}

function isTaken(match: JsonObject, candidate: Candidate = event({ env: "prod", n: 7 })): boolean {
  return checkRoute(routeWith({ match, destination_ids: ["dst_1"] }), readingOf(candidate)).refusal === null;
}

describe("the match of a route", () => {
  it.each<[JsonObject, boolean]>([
    [{}, true],
    [{ type: "alert.created" }, true],
    [{ type: { $ne: "alert.created" } }, false],
    [{ timestamp: received_at }, true],
    [{ "data.alert.urgency": { $in: ["high", "critical"] } }, true],
    [{ "data.alert.tags": "eu" }, true],
    [{ "data.alert.dedup_count": { $gt: 2 } }, false],
    [{ "data.event.id": id }, true],
    [{ "data.event.integration_id": integration_id }, true],
    [{ "data.event.kind": "alert" }, true],
    [{ "data.event.payload.env": { $regex: "^PROD$", $options: "i" } }, true],
    [{ "data.event.payload.n": { $gte: 5, $lt: 8 } }, true],
    [{ env: "prod" }, false],
    [{ "data.event.constructor": { $exists: true } }, false],
  ])("%j is applied to the body of the delivery: %j", (match, expected) => {
    expect(isTaken(match)).toBe(expected);
  });

  it("sees the body that a destination receives, and the sender's headers", () => {
    const told = {
      ...event({ a: [1, { b: null }] }),
      type: "alert.created" as const,
      content: contentWith('{"a":[1]}'),
    };
    expect(withoutHeaders(documentOf(told))).toEqual(JSON.parse(envelopeOf(told)));
    expect(documentOf(told)).toMatchObject({ data: { event: { headers: told.content.request.headers } } });
    const caught = { ...told, alert: null };
    expect(withoutHeaders(documentOf(caught))).toEqual(JSON.parse(envelopeOf(caught)));
    const signal = { action: "announce", type: "destination.disabled", note: null } as const;
    const own = { ...told, alert: null, type: signal.type, content: { ...told.content, signal } };
    expect(documentOf(own)).toEqual({ type: "destination.disabled", timestamp: received_at, data: { a: [1] } });
    expect(documentOf(own)).toEqual(JSON.parse(envelopeOf(own)));
  });

  it("matches nothing if it is not a valid filter", () => {
    expect(isTaken({ "data.x": { $nope: 1 } })).toBe(false);
    expect(isTaken({ $nor: [{ x: { $regex: "(" } }] })).toBe(false);
  });

  it("matches nothing if the content has been erased or the event is not deliverable", () => {
    expect(isTaken({}, event({}, { content: null }))).toBe(false);
    expect(isTaken({}, event({}, { type: null }))).toBe(false);
  });

  it("matches nothing if it is over budget, which is reported; the other routes are checked all the same", () => {
    const list = Array.from({ length: 30_000 }, (_, index) => ({ index }));
    const clause = { "data.event.payload.list.index": { $gte: -1, $lt: 0 } };
    const routes = [
      routeWith({ id: "rte_1", destination_ids: ["dst_1"], match: { $nor: Array.from({ length: 90 }, () => clause) } }),
      routeWith({ id: "rte_2", destination_ids: ["dst_2"], match: { "data.alert.key": "disk" } }),
    ];
    const { recipients, over_budget } = selectRoutes(routes, readingOf(event({ list })));
    expect(recipients).toEqual([{ destination_id: "dst_2", route_id: "rte_2" }]);
    expect(over_budget).toEqual(["rte_1"]);
  });

  it("is not evaluated if integration or type already decide", () => {
    const broken = { ...content, request: { ...content.request, body: "not JSON" } };
    const candidate = event({}, { content: broken });
    const route = routeWith({ integration_ids: ["int_other"], match: { type: "x" } });
    expect(checkRoute(route, readingOf(candidate)).refusal).toBe("integration");
    expect(checkRoute(routeWith({}), readingOf(candidate)).refusal).toBeNull();
  });
});

function grouping(changes: Partial<Route>): Route {
  return routeWith({ group_window_seconds: 60, destination_ids: ["dst_1"], ...changes });
}

describe("a route that groups", () => {
  const takes = (event_types: Route["event_types"], type: Candidate["type"]): boolean =>
    selectRoutes([grouping({ event_types })], readingOf(event({}, { type }))).grouping.length === 1;

  it("takes repeats wherever it takes creates", () => {
    expect(takes(null, "alert.repeated")).toBe(true);
    expect(takes(["alert.created"], "alert.repeated")).toBe(true);
    expect(takes(["alert.repeated"], "alert.repeated")).toBe(true);
    expect(takes(["alert.resolved"], "alert.repeated")).toBe(false);
    expect(takes([], "alert.repeated")).toBe(false);
  });

  it("takes what other routes take, also if it names event.group only", () => {
    for (const types of [null, ["event.group" as const]]) {
      expect(takes(types, "alert.created")).toBe(true);
      expect(takes(types, "event.received")).toBe(true);
      expect(takes(types, "destination.disabled")).toBe(false);
      expect(takes(types, "event.group")).toBe(false);
    }
    expect(takes(["event.group", "alert.resolved"], "alert.created")).toBe(false);
  });

  it("delivers no single event, and makes no group without destinations", () => {
    const reading = readingOf(event({}));
    expect(selectRoutes([grouping({})], reading).recipients).toEqual([]);
    expect(selectRoutes([grouping({ destination_ids: [] })], reading).grouping).toEqual([]);
  });

  const keyOf = (group_by: string | null, candidate: Candidate): string | undefined =>
    groupsOf([grouping({ group_by })], readingOf(candidate)).memberships[0]?.group_key;

  it.each<[string | null, Candidate, string]>([
    [null, event({}), "disk"],
    [null, event({}, { alert: null }), integration_id],
    ["{{ data.alert.key }}:{{ env }}", event({ env: "prod" }), "disk:prod"],
    ["{{ data.event.payload.env }}", event({ env: "prod" }), "prod"],
    [" {{ none }} ", event({}), integration_id],
    ["{{ type }}", event({ type: "mine" }), "alert.created"],
    ["{{ n }}", event({}, { content: contentWith('{"n":12345678901234567891}') }), "12345678901234567891"],
    ["{{ s }}", event({ s: "a\u0000b" }), "a\uFFFDb"],
    ["{{ s }}", event({ s: "x".repeat(5_000) }), "x".repeat(1_000)],
    ["x", event({}, { content: null }), integration_id],
  ])("by %j has the rendered key, or else the integration's", (group_by, candidate, key) => {
    expect(keyOf(group_by, candidate)).toBe(key);
  });

  it("whose template is over budget falls back to the integration, which is reported", () => {
    const loop = "{% for a in list %}{% for b in list %}{% for c in list %}x{% endfor %}{% endfor %}{% endfor %}";
    const list = Array.from({ length: 300 }, (_, index) => index);
    const { memberships, unnamed } = groupsOf([grouping({ group_by: loop })], readingOf(event({ list })));
    expect(memberships[0]?.group_key).toBe(integration_id);
    expect(unnamed).toEqual(["rte_1"]);
  });
});
