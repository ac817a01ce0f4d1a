import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExact } from "../../src/model/exact-json.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { Histograms, OTHER } from "../../src/routing/histogram.ts";

function count(paths: readonly string[] | null, payloads: readonly Json[], document: JsonObject = {}) {
  const histograms = new Histograms(paths);
  for (const payload of payloads) histograms.add(payload, document);
  return histograms.toJson();
}

describe("the attributes of a group", () => {
  it("are counted at the paths that are named, the most frequent value first", () => {
    const payloads = [{ a: { b: 1 } }, { a: { b: "1" } }, { a: { b: "1" } }, { a: { b: true } }, { a: 5 }, null];
    expect(count(["a.b", "a.c"], payloads)).toEqual({
      "a.b": [
        ["1", 2],
        [1, 1],
        [true, 1],
      ],
      "a.c": [],
    });
  });

  it("keep all digits of a number, unless it is very long", () => {
    const long = "9".repeat(300);
    const payloads = ["9007199254740993", "9007199254740992", "9007199254740993", long].map((n) =>
      parseExact(`{"n":${n}}`),
    );
    const { n } = count(["n"], payloads);
    const shown = `[[9007199254740993,2],[9007199254740992,1],["${long.slice(0, 256)}",1]]`;
    expect(JSON.stringify(n)).toBe(shown);
  });

  it("count each item of a list, maps as JSON, and null as a value", () => {
    expect(
      count(
        ["t", "m", "t.0"],
        [
          { t: ["x", "y"], m: { a: 1 } },
          { t: ["x"], m: null },
        ],
      ),
    ).toEqual({
      t: [
        ["x", 2],
        ["y", 1],
      ],
      m: [
        ['{"a":1}', 1],
        [null, 1],
      ],
      "t.0": [["x", 2]],
    });
  });

  it("are read in the body of the delivery if the payload has no such field", () => {
    const document = { type: "alert.created", data: { alert: { urgency: "high" } } };
    expect(count(["data.alert.urgency", "type"], [{ type: "mine" }], document)).toEqual({
      "data.alert.urgency": [["high", 1]],
      type: [["mine", 1]],
    });
  });

  it("are the payloads' own if no path is named, with histograms summed up", () => {
    const own = [
      {
        attributes: {
          version: [
            ["2.0", 9],
            ["1.9", 3],
          ],
          site: "north",
          tags: ["a", "b"],
          empty: [],
        },
      },
      { attributes: { version: [["1.9", 10]], site: "north" } },
      { attributes: "none" },
      { attributes: [["a", 1]] },
    ];
    expect(count(null, own)).toEqual({
      version: [
        ["1.9", 13],
        ["2.0", 9],
      ],
      site: [["north", 2]],
      tags: [
        ["a", 1],
        ["b", 1],
      ],
    });
  });

  it("list a hundred values each, and count the others together", () => {
    const payloads = Array.from({ length: 1_500 }, (_, index) => ({ a: index % 1_200 }));
    const { a = [] } = count(["a"], payloads);
    expect(a).toHaveLength(101);
    expect(a.at(-1)?.[0]).toBe(OTHER);
    expect(a.reduce((sum, [, times]) => sum + times, 0)).toBe(1_500);
    expect(a[0]).toEqual([0, 2]);
  });

  it("are at most fifty, with names and values of a bounded length", () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 80 }, (_, index) => [`${index}-${"n".repeat(400)}`, "v".repeat(999)]),
    );
    const counted = count(null, [{ attributes }]);
    expect(Object.keys(counted)).toHaveLength(50);
    for (const [name, values] of Object.entries(counted)) {
      expect(name).toHaveLength(200);
      expect(values).toEqual([["v".repeat(256), 1]]);
    }
  });

  it("keep names such as __proto__ as names", () => {
    const payload: Json = JSON.parse('{"attributes":{"__proto__":"x","constructor":"y"}}');
    expect(JSON.parse(JSON.stringify(count(null, [payload])))).toEqual(
      JSON.parse('{"__proto__":[["x",1]],"constructor":[["y",1]]}'),
    );
    expect(count(["__proto__.x", "constructor"], [{}])).toEqual({
      ...JSON.parse('{"__proto__.x":[]}'),
      constructor: [],
    });
  });

  it("never fail, and stay bounded, whatever is sent", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.array(fc.string(), { maxLength: 5 }),
        (values, paths) => {
          const payloads = values.flatMap((value): Json[] => {
            const parsed: Json = JSON.parse(JSON.stringify(value));
            return [parsed, { attributes: parsed }];
          });
          for (const given of [null, paths]) {
            const text = JSON.stringify(count(given, payloads));
            expect(JSON.parse(text)).toBeTypeOf("object");
          }
        },
      ),
    );
  });
});
