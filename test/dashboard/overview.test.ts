import { describe, expect, it } from "vitest";
import { gaugesOf } from "../../src/dashboard/overview/gauges.ts";
import { countsOf, sendersOf, totalOf } from "../../src/dashboard/overview/measures.ts";
import { destinationCondition, integrationCondition, isProblem } from "../../src/dashboard/overview/problems.ts";
import { rangeOf } from "../../src/dashboard/overview/search.ts";

const NOW = Date.parse("2026-01-02T00:00:00.000Z");
const HEARD = "2026-01-01T20:00:00.000Z";
const REFUSED = { at: "2026-01-01T22:00:00.000Z", status: 401, code: "invalid_credentials" };
const integration = { enabled: true, last_event_at: HEARD, last_rejection: null, options: {} };
const health = { status: "healthy", failures: 0, failing_since: null, retry_at: null } as const;
const destination = { enabled: true, disabled_reason: null, paused_at: null, health };

describe("the condition of an integration", () => {
  it.each([
    ["healthy", integration],
    ["disabled", { ...integration, enabled: false, last_rejection: REFUSED }],
    ["rejecting", { ...integration, last_rejection: REFUSED }],
    ["healthy", { ...integration, last_event_at: "2026-01-01T23:00:00.000Z", last_rejection: REFUSED }],
    ["healthy", { ...integration, last_rejection: { ...REFUSED, at: "2025-12-01T00:00:00.000Z" } }],
    ["silent", { ...integration, options: { expect_every_minutes: 60 } }],
    ["healthy", { ...integration, options: { expect_every_minutes: 600 } }],
    ["no event yet", { ...integration, last_event_at: null }],
  ])("is %s", (word, state) => {
    expect(integrationCondition(state, NOW).word).toBe(word);
  });
});

describe("the condition of a destination", () => {
  it.each([
    ["healthy", false, destination],
    ["paused", true, { ...destination, paused_at: HEARD }],
    ["failing", true, { ...destination, health: { ...health, status: "failing" } as const }],
    ["failing", true, { ...destination, health: { ...health, status: "paused_by_breaker" } as const }],
    ["disabled", false, { ...destination, enabled: false }],
    ["disabled", true, { ...destination, enabled: false, disabled_reason: "gone" }],
  ])("is %s, and a problem: %s", (word, expected, state) => {
    const condition = destinationCondition(state);
    expect([condition.word, isProblem(condition)]).toEqual([word, expected]);
  });
});

describe("the counts of the overview", () => {
  it("are a day's unless the address names a range", () => {
    expect([rangeOf(undefined).value, rangeOf("7d").value]).toEqual(["24h", "7d"]);
  });

  it("are those of the only series", () => {
    const points: [string, number][] = [
      [HEARD, 2],
      [REFUSED.at, 3],
    ];
    const counts = countsOf({ series: [{ group: null, points }] });
    expect([counts.times[0], totalOf(counts)]).toEqual([Date.parse(HEARD) / 1_000, 5]);
    expect(totalOf(countsOf({ series: [] }))).toBe(0);
  });

  it("reads gauges, and no counter with labels", () => {
    const text = '# HELP x y\nhookgate_pending 4\nhookgate_attempts_total{destination="a"} 9\nhookgate_missing 0\n';
    expect([...gaugesOf(text)]).toEqual([
      ["hookgate_pending", 4],
      ["hookgate_missing", 0],
    ]);
  });
});

describe("the events by integration", () => {
  const points = (...values: number[]) => values.map((value) => [HEARD, value]);

  it("begin with the busiest, and leave out those without events", () => {
    const series = [
      { group: { id: null, name: "other" }, points: points(1) },
      { group: { id: "int_1", name: "Quiet" }, points: points(0, 0) },
      { group: { id: "int_2", name: "CI" }, points: points(1, 2) },
      { group: { id: "int_3", name: null }, points: points(9, 0) },
    ];
    expect(sendersOf({ series })).toEqual([
      { id: "int_3", name: "int_3", count: 9 },
      { id: "int_2", name: "CI", count: 3 },
      { id: null, name: "other", count: 1 },
    ]);
  });
});
