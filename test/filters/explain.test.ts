import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainFilter } from "../../src/filters/explain.ts";
import { matches, parseFilter } from "../../src/filters/filter.ts";
import { Budget } from "../../src/model/budget.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { runs } from "../support/runs.ts";
import { document, filter } from "./arbitraries.ts";

function explain(given: JsonObject, held: JsonObject, units = 10_000_000) {
  return explainFilter(given, held, new Budget("work", units));
}

const HELD: JsonObject = {
  type: "alert.created",
  data: { alert: { urgency: "low", tags: ["db", "eu"], title: "CPU", checks: [{ ms: 5 }, { ms: 9 }] } },
};

describe("why a filter does not match", () => {
  it.each<[JsonObject, readonly object[]]>([
    [{ type: "alert.created" }, []],
    [
      { "data.alert.urgency": { $in: ["high", "critical"] } },
      [
        {
          at: "data.alert.urgency.$in",
          path: "data.alert.urgency",
          operator: "$in",
          expected: ["high", "critical"],
          actual: "low",
          found: true,
        },
      ],
    ],
    [
      { type: "x", "data.alert.tags": "us", "data.alert.title": "CPU" },
      [
        { at: "type", path: "type", operator: "$eq", expected: "x", actual: "alert.created", found: true },
        { path: "data.alert.tags", operator: "$eq", expected: "us", actual: ["db", "eu"] },
      ],
    ],
    [{ "data.none": { $exists: true } }, [{ operator: "$exists", actual: null, found: false }]],
    [{ $or: [{ type: "a" }, { type: "alert.created" }] }, []],
    [
      {
        $or: [
          { type: "a" },
          { $and: [{ type: "alert.created" }, { "data.alert.title": { $regex: "^m", $options: "i" } }] },
        ],
      },
      [
        { at: "$or[0].type", actual: "alert.created" },
        { at: "$or[1].$and[1].data.alert.title.$regex", operator: "$regex", expected: "^m", actual: "CPU" },
      ],
    ],
    [
      { $nor: [{ type: "a" }, { "data.alert.urgency": "low" }] },
      [{ at: "$nor[1]", path: "", operator: "$nor", expected: { "data.alert.urgency": "low" }, found: false }],
    ],
    [{ "data.alert.checks.ms": { $gt: 10 } }, [{ operator: "$gt", expected: 10, actual: [5, 9], found: true }]],
    [
      { "data.alert.checks": { $elemMatch: { ms: 7 } } },
      [{ operator: "$elemMatch", expected: { ms: 7 }, actual: [{ ms: 5 }, { ms: 9 }] }],
    ],
    [
      { "data.alert.urgency": { $not: { $eq: "low" } } },
      [{ operator: "$not", expected: { $eq: "low" }, actual: "low" }],
    ],
    [{ "data.alert.title": { $gte: "A", $lte: "B" } }, [{ operator: "$lte", expected: "B", actual: "CPU" }]],
  ])("is said by the conditions that fail: %o", (given, failed) => {
    const explained = explain(given, HELD);
    expect(explained).toMatchObject(failed);
    expect(explained).toHaveLength(failed.length);
  });

  it("names no condition exactly if the filter matches", () => {
    fc.assert(
      fc.property(filter, document, (given, held) => {
        const parsed = parseFilter(given);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
        expect(explain(given, held)?.length === 0).toBe(matches(parsed.value, held));
      }),
      { numRuns: runs(3_000) },
    );
  });

  it("is cut: values, conditions, and the work itself", () => {
    const large: JsonObject = {
      text: "é".repeat(1_000_000),
      list: Array.from({ length: 500_000 }, () => ({ a: 1 })),
      map: { ["k".repeat(10_000)]: 1 },
    };
    const explained = explain({ text: "x", list: 5, map: { a: 1 } }, large) ?? [];
    expect(explained).toHaveLength(3);
    for (const { actual } of explained) expect(JSON.stringify(actual).length).toBeLessThan(1_100);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 1]));
    expect(explain(many, {})).toHaveLength(20);
    expect(explain(many, {}, 50_000)).toBe(null);
  });
});
