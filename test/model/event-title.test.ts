import { describe, expect, it } from "vitest";
import type { EventContent, SystemSignal } from "../../src/model/event.ts";
import { titleOfContent } from "../../src/model/event-title.ts";

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
