import { describe, expect, it } from "vitest";
import { isSettled, nameOfUrl, progressOf, stageOf } from "../../src/dashboard/first-run/progress.ts";
import { firstRequest } from "../../src/dashboard/integrations/first-webhook.ts";

const [a, b] = [{ id: "int_a" }, { id: "int_b" }];
const [x, y] = [{ id: "dst_x" }, { id: "dst_y" }];
const NOTHING_SEEN = { event: false, delivered: false };

describe("the progress of the first steps", () => {
  it("follows from what exists", () => {
    const nothing = progressOf({ integrations: [], destinations: [], routes: [] });
    expect(stageOf(nothing, NOTHING_SEEN)).toBe("integration");
    const one = progressOf({ integrations: [a], destinations: [], routes: [] });
    expect(stageOf(one, NOTHING_SEEN)).toBe("destination");
    const both = progressOf({ integrations: [a], destinations: [x], routes: [] });
    expect(stageOf(both, NOTHING_SEEN)).toBe("route");
    const route = { enabled: true, integration_ids: [a.id], destination_ids: [x.id] };
    const joined = progressOf({ integrations: [a], destinations: [x], routes: [route] });
    expect(joined.route).toBe(route);
    expect(stageOf(joined, NOTHING_SEEN)).toBe("event");
    expect(stageOf(joined, { event: true, delivered: false })).toBe("delivery");
    expect(stageOf(joined, { event: true, delivered: true })).toBe("done");
  });

  it("goes on with what an enabled route joins", () => {
    const things = { integrations: [a, b], destinations: [x, y] };
    const route = { enabled: true, integration_ids: [b.id], destination_ids: [y.id] };
    expect(progressOf({ ...things, routes: [route] })).toEqual({ integration: b, destination: y, route });
    const all = { ...route, integration_ids: null };
    expect(progressOf({ ...things, routes: [all] }).integration).toBe(a);
    const useless = [
      { ...route, enabled: false },
      { ...route, integration_ids: ["int_gone"] },
      { ...route, destination_ids: ["dst_gone"] },
    ];
    expect(progressOf({ ...things, routes: useless }).route).toBeNull();
  });
});

describe("a gateway", () => {
  const nowMs = Date.parse("2026-05-02T10:00:00.000Z");
  const today = "2026-05-02T09:00:00.000Z";
  const lastWeek = "2026-04-26T09:00:00.000Z";

  it("needs no first steps once an integration of an earlier day has had an event", () => {
    expect(isSettled([], nowMs)).toBe(false);
    expect(isSettled([{ created_at: today, last_event_at: today }], nowMs)).toBe(false);
    expect(isSettled([{ created_at: lastWeek, last_event_at: null }], nowMs)).toBe(false);
    expect(isSettled([{ created_at: lastWeek, last_event_at: today }], nowMs)).toBe(true);
  });
});

describe("a destination that is given as a URL", () => {
  it("is named by its host, or by the text that the gateway then refuses", () => {
    expect(nameOfUrl(" https://hooks.example.com/in?key=1 ")).toBe("hooks.example.com");
    expect(nameOfUrl("hooks.example.com")).toBe("hooks.example.com");
    expect(nameOfUrl(" ")).toBe("Webhook");
  });
});

describe("the first webhook that the dashboard sends", () => {
  const sent = { type: "catch", options: {}, url: "https://gateway.example/integration/int_1" };

  it("carries the credential that is known", () => {
    expect(firstRequest({ ...sent, auth: { type: "none" } })?.headers).toEqual({ "content-type": "application/json" });
    expect(firstRequest({ ...sent, auth: { type: "token", header: "x-key", token: "t" } })?.headers["x-key"]).toBe("t");
    const { headers } = firstRequest({ ...sent, auth: { type: "basic", username: "jürgen", password: "é" } }) ?? {};
    expect(headers?.["authorization"]).toBe("Basic asO8cmdlbjrDqQ==");
  });

  it("is none without the credential", () => {
    expect(firstRequest({ ...sent, auth: { type: "token", header: "x-key" } })).toBeNull();
    expect(firstRequest({ ...sent, auth: { type: "bearer" } })).toBeNull();
    expect(firstRequest({ ...sent, auth: { type: "basic", username: "u" } })).toBeNull();
  });
});
