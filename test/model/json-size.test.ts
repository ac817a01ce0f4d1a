import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureJson } from "../../src/model/json-size.ts";
import type { Json } from "../../src/model/json.ts";
import { runs } from "../support/runs.ts";

const NO_LIMITS = { max_depth: Number.POSITIVE_INFINITY, max_values: Number.POSITIVE_INFINITY };

function valuesIn(value: Json): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + valuesIn(member), 1);
}

describe("the measure of a JSON text", () => {
  it("is the number of its values, whatever is in its texts and between its tokens", () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('"', "\\", '\\"', "[,]", "{,}"));
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), fc.dictionary(key, key), fc.nat(3), (json, map, indent) => {
        for (const value of [JSON.parse(json), map, [map, [], {}, [[]], json]]) {
          const text = JSON.stringify(value, null, indent);
          expect(measureJson(text, NO_LIMITS)).toEqual({ values: valuesIn(value), exceeds: null });
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it("stops at the first limit that is exceeded", () => {
    const limits = { max_depth: 3, max_values: 6 };
    expect(measureJson("[[[1,2,3]]]", limits).exceeds).toBe(null);
    expect(measureJson("[[[[]]]]", limits).exceeds).toBe("depth");
    expect(measureJson("[[[1,2,3,4]]]", limits).exceeds).toBe("values");
    expect(measureJson(`[${"{},".repeat(1_000_000)}`, limits).values).toBe(7);
  });

  it.each(["", "[", '["', '{"a', '"\\', "]]", ",,,", "\u0000"])("ends for %j, which is no JSON", (text) => {
    expect(measureJson(text, NO_LIMITS).exceeds).toBe(null);
  });
});
