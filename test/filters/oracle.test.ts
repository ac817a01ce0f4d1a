import fc from "fast-check";
import sift from "sift";
import { describe, expect, it } from "vitest";
import { matches, parseFilter } from "../../src/filters/filter.ts";
import { type JsonObject, isJsonObject } from "../../src/model/json.ts";
import { runs } from "../support/runs.ts";
import { document, filter, name, path } from "./arbitraries.ts";

/** Drops values that JSON cannot contain. */
function asJson(made: object): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(made));
  return json;
}

/** Returns whether `$elemMatch` would search for fields in a value that is not a map: MongoDB skips it, sift does not. */
function isBeyondSift(given: object, held: JsonObject): boolean {
  const hasMixedList = Object.values(held).some((member) => Array.isArray(member) && !member.every(isJsonObject));
  return hasMixedList && JSON.stringify(given).includes("$elemMatch");
}

describe("filters", () => {
  it("agree with sift, a MongoDB matcher, on what both define", () => {
    fc.assert(
      fc.property(filter, document, (given, held) => {
        fc.pre(!isBeyondSift(given, held));
        const parsed = parseFilter(given);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
        expect(matches(parsed.value, held)).toBe(sift(given)(held));
      }),
      { numRuns: runs(3_000) },
    );
  });

  it("never throw, whatever is given as a filter", () => {
    const operators = [
      "$and",
      "$or",
      "$nor",
      "$not",
      "$in",
      "$nin",
      "$all",
      "$elemMatch",
      "$size",
      "$type",
      "$mod",
      "$regex",
      "$options",
      "$exists",
      "$gt",
      "$lte",
      "$eq",
      "$ne",
      "$where",
    ];
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.constantFrom("string", "(a+)+$", "i", "[", "a.b", "__proto__"),
        fc.dictionary(fc.oneof(fc.constantFrom(...operators), name, path), tie("any"), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
        fc.array(tie("any"), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(any, fc.object({ withNullPrototype: true }).map(asJson), (given, held) => {
        const parsed = parseFilter(given);
        if (parsed.ok) expect(typeof matches(parsed.value, held)).toBe("boolean");
        else expect(parsed.error.length).toBeGreaterThan(0);
      }),
      { numRuns: runs(3_000) },
    );
  });
});
