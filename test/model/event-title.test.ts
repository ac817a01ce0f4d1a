import { describe, expect, it } from "vitest";
import type { EventContent, SystemSignal } from "../../src/model/event.ts";
import { titleOfContent, titlesOfContent } from "../../src/model/event-title.ts";

function systemEvent(type: SystemSignal["type"], data: object): EventContent {
  return {
    kind: "gateway",
    request: { method: "POST", query: "", headers: {}, body: JSON.stringify(data), body_encoding: "utf8" },
    signal: { action: "announce", type, note: null },
  };
}

describe("the title of a system event", () => {
  it.each([
    ["destination.failing", { destination: { id: "dst_1", name: "pager" } }, "Destination failing: pager"],
    ["delivery.dead", { destination: { id: "dst_1", name: " " }, count: 3 }, "Deliveries dead"],
    ["integration.rejecting", { integration: { id: "int_1", name: "CI" } }, "Requests refused: CI"],
    ["dead_letter.recorded", { shard: { number: 0 }, count: 2 }, "Dead letter: shard 0"],
    ["reconciliation.failed", {}, "Reconciliation failed"],
    ["log.damaged", { shard: { number: 0 }, count: 1 }, "Log damaged: shard 0"],
    ["event.group", { group: "db-7", alert: null }, "Group: db-7"],
    ["event.group", { group: "db-7", alert: { title: "Disk full" } }, "Group: Disk full"],
    ["event.group", { group: "" }, "Group"],
  ] as const)("of the type %s with %j", (type, data, title) => {
    expect(titleOfContent(systemEvent(type, data))).toBe(title);
  });

  it("is bounded and has no broken text", () => {
    const title = titleOfContent(systemEvent("integration.silent", { integration: { name: "😀".repeat(1_000) } }));
    expect(title?.length).toBeLessThanOrEqual(1_000);
    expect(title?.isWellFormed()).toBe(true);
  });
});

describe("the titles of an event without an alert", () => {
  const contentOf = (body: string): EventContent => ({
    kind: "hook",
    request: { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" },
    signal: { action: "receive", note: null },
  });

  it.each([
    ['{"order":9007199254740993,"n":-9007199254740993}', "order: 9007199254740993, n: -9007199254740993"],
    ['{"type":1e400,"id":12345678901234567890123456789}', "1e400 · id: 12345678901234567890123456789"],
    ["9007199254740993", "9007199254740993"],
    ['{"a":0.1000000000000000055,"b":1.0,"c":-0}', "a: 0.1, b: 1, c: 0"],
  ])("summarize %s with all digits", (body, summary) => {
    expect(titlesOfContent(contentOf(body))).toEqual({ title: null, summary });
  });

  const envelope = (inner: object) => ({ "s:Envelope": { "@xmlns:s": "urn:s", "s:Body": { Notice: inner } } });

  it.each([
    [envelope({ "@id": "1", Subject: "Oven off", Message: "Relit" }), "Oven off", "Oven off"],
    [envelope({ Order: "7", Count: "2" }), null, "Order: 7, Count: 2"],
    [{ order: { title: "Loaf" }, other: 1 }, null, "other: 1"],
    [{ a: { b: { c: { d: { e: { f: { title: "Deep" } } } } } } }, null, "f"],
  ])("are those of what an envelope wraps: %j", (payload, title, summary) => {
    expect(titlesOfContent(contentOf(JSON.stringify(payload)))).toEqual({ title, summary });
  });

  it("are a number with all digits", () => {
    expect(titleOfContent(contentOf('{"name":9007199254740993}'))).toBe("9007199254740993");
  });

  it("have at most 120 characters of a number", () => {
    expect(titlesOfContent(contentOf(`{"id":${"9".repeat(1_000)}}`)).summary).toHaveLength(120);
  });
});
