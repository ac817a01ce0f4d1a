import { Budget } from "../../src/model/budget.ts";
import { describe, expect, it } from "vitest";
import { matches, parseFilter } from "../../src/filters/filter.ts";
import type { JsonObject } from "../../src/model/json.ts";

function passes(filter: unknown, document: JsonObject): boolean {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return matches(parsed.value, document);
}

function faults(filter: unknown): readonly { readonly path: string; readonly message: string }[] {
  const parsed = parseFilter(filter);
  return parsed.ok ? [] : parsed.error;
}

const DOCUMENT: JsonObject = {
  s: "CPU is Critical",
  n: 7,
  f: 2.5,
  yes: true,
  no: false,
  nothing: null,
  empty: [],
  tags: ["a", "b"],
  numbers: [1, 5, 9],
  nested: [[1, 2], [3]],
  map: { deep: { er: 1 }, list: [{ x: 1, y: 2 }, { x: 3 }, 4] },
  "0": "zero",
};

describe("operators", () => {
  it.each<[JsonObject, boolean]>([
    [{}, true],
    [{ n: 7 }, true],
    [{ n: 8 }, false],
    [{ n: "7" }, false],
    [{ n: { $eq: 7 } }, true],
    [{ n: { $ne: 7 } }, false],
    [{ tags: "a" }, true],
    [{ tags: { $ne: "a" } }, false],
    [{ tags: { $ne: "c" } }, true],
    [{ tags: ["a", "b"] }, true],
    [{ tags: ["b", "a"] }, false],
    [{ nested: [3] }, true],
    [{ nested: 3 }, false],
    [{ map: { deep: 1 } }, false],
    [{ "map.deep": { er: 1 } }, true],
    [{ "map.deep.er": 1 }, true],
    [{ "map.list.x": 3 }, true],
    [{ "map.list.1.x": 3 }, true],
    [{ "map.list.0.x": 3 }, false],
    [{ "map.list.9": { $exists: false } }, true],
    [{ "0": "zero" }, true],
    [{ nothing: null }, true],
    [{ missing: null }, true],
    [{ missing: { $ne: null } }, false],
    [{ "map.list.y": null }, true],
    [{ n: { $gt: 6, $lt: 8 } }, true],
    [{ n: { $gte: 7, $lte: 7 } }, true],
    [{ n: { $gt: 7 } }, false],
    [{ s: { $gt: "A" } }, true],
    [{ s: { $gt: 0 } }, false],
    [{ n: { $gt: "0" } }, false],
    [{ missing: { $lt: 1 } }, false],
    [{ nothing: { $lte: 1 } }, false],
    [{ no: { $lt: true } }, true],
    [{ numbers: { $gt: 8 } }, true],
    [{ numbers: { $gt: 9 } }, false],
    [{ n: { $in: [1, 7] } }, true],
    [{ n: { $in: [] } }, false],
    [{ n: { $nin: [] } }, true],
    [{ tags: { $in: ["b", "z"] } }, true],
    [{ tags: { $nin: ["b", "z"] } }, false],
    [{ missing: { $in: [null] } }, true],
    [{ missing: { $nin: ["x"] } }, true],
    [{ n: { $exists: true } }, true],
    [{ nothing: { $exists: true } }, true],
    [{ missing: { $exists: true } }, false],
    [{ missing: { $exists: false } }, true],
    [{ "map.list.y": { $exists: true } }, true],
    [{ "s.length": { $exists: true } }, false],
    [{ "tags.length": { $exists: true } }, false],
    [{ s: { $type: "string" } }, true],
    [{ n: { $type: "int" } }, true],
    [{ f: { $type: "int" } }, false],
    [{ f: { $type: "number" } }, true],
    [{ f: { $type: ["string", "double"] } }, true],
    [{ yes: { $type: "bool" } }, true],
    [{ nothing: { $type: "null" } }, true],
    [{ missing: { $type: "null" } }, false],
    [{ map: { $type: "object" } }, true],
    [{ tags: { $type: "array" } }, true],
    [{ tags: { $type: "string" } }, true],
    [{ n: { $mod: [5, 2] } }, true],
    [{ n: { $mod: [5, 3] } }, false],
    [{ s: { $mod: [5, 0] } }, false],
    [{ tags: { $size: 2 } }, true],
    [{ tags: { $size: 1 } }, false],
    [{ empty: { $size: 0 } }, true],
    [{ s: { $size: 15 } }, false],
    [{ tags: { $all: ["b", "a"] } }, true],
    [{ tags: { $all: ["a", "c"] } }, false],
    [{ n: { $all: [7] } }, true],
    [{ "map.list": { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 3 } }] } }, true],
    [{ numbers: { $elemMatch: { $gt: 1, $lt: 9 } } }, true],
    [{ numbers: { $elemMatch: { $gt: 5, $lt: 9 } } }, false],
    [{ "map.list": { $elemMatch: { x: 1, y: 2 } } }, true],
    [{ "map.list": { $elemMatch: { x: 3, y: 2 } } }, false],
    [{ "map.list": { $elemMatch: { $or: [{ x: 9 }, { y: 2 }] } } }, true],
    [{ map: { $elemMatch: { x: 1 } } }, false],
    [{ n: { $not: { $gt: 7 } } }, true],
    [{ missing: { $not: { $gt: 7 } } }, true],
    [{ numbers: { $not: { $gt: 8 } } }, false],
    [{ $and: [{ n: 7 }, { yes: true }] }, true],
    [{ $and: [{ n: 7 }, { yes: false }] }, false],
    [{ $or: [{ n: 8 }, { yes: true }] }, true],
    [{ $or: [{ n: 8 }, { yes: false }] }, false],
    [{ $nor: [{ n: 8 }, { yes: false }] }, true],
    [{ $nor: [{ n: 7 }, { yes: false }] }, false],
    [{ n: 7, $or: [{ s: 1 }, { $and: [{ no: false }] }] }, true],
    [{ s: { $regex: "critical" } }, false],
    [{ s: { $regex: "critical", $options: "i" } }, true],
    [{ s: { $options: "i", $regex: "^cpu\\b.*AL$" } }, true],
    [{ s: { $regex: "^CPU", $ne: "x" } }, true],
    [{ tags: { $regex: "^b$" } }, true],
    [{ tags: { $not: { $regex: "^b$" } } }, false],
    [{ n: { $regex: "7" } }, false],
    [{ missing: { $regex: "" } }, false],
  ])("%j gives %s", (filter, expected) => {
    expect(passes(filter, DOCUMENT)).toBe(expected);
  });

  it("compares maps whatever the order of their names", () => {
    expect(passes({ a: { x: 1, y: [2] } }, { a: { y: [2], x: 1 } })).toBe(true);
    expect(passes({ a: { x: 1 } }, { a: { x: 1, y: 2 } })).toBe(false);
  });

  it.each<[string, string, boolean]>([
    ["m", "a\nb", true],
    ["", "a\nb", false],
    ["s", "b\n", false],
    ["ms", "x\nb", true],
  ])("the options %j change where a pattern matches in %j", (options, text, expected) => {
    expect(passes({ t: { $regex: "^b$", $options: options } }, { t: text })).toBe(expected);
  });
});

describe("what is refused when a filter is saved", () => {
  it.each<[unknown, string, string]>([
    ["x", "", "must be a map"],
    [null, "", "must be a map"],
    [[], "", "must be a map"],
    [undefined, "", "must be JSON"],
    [{ $where: "1" }, "$where", "is not an operator that is known here"],
    [{ a: { $where: "1" } }, "a.$where", "is not an operator that is known here"],
    [{ $expr: {} }, "$expr", "is not an operator that is known here"],
    [{ a: { $near: 1 } }, "a.$near", "is not an operator that is known here"],
    [{ a: { $gt: 1, b: 2 } }, "a.b", "is a field among operators"],
    [{ a: { $constructor: 1 } }, "a.$constructor", "is not an operator that is known here"],
    [{ $or: [] }, "$or", "must be a list of filters that is not empty"],
    [{ $and: {} }, "$and", "must be a list of filters that is not empty"],
    [{ $or: [{ a: 1 }, 5] }, "$or[1]", "must be a map"],
    [{ $or: [{ "log.data.x": { $regex: "(" } }] }, "$or[0].log.data.x.$regex", "is not a pattern that can be used"],
    [{ a: { $in: "x" } }, "a.$in", "must be a list"],
    [{ a: { $nin: [{ $regex: "x" }] } }, "a.$nin[0]", "must be a value, not an operator"],
    [{ a: { $gt: [1] } }, "a.$gt", "must be a number, a text or a boolean"],
    [{ a: { $lt: null } }, "a.$lt", "must be a number, a text or a boolean"],
    [{ a: { $exists: "yes" } }, "a.$exists", "must be true or false"],
    [{ a: { $type: "text" } }, "a.$type", "must be one or more of string"],
    [{ a: { $type: "constructor" } }, "a.$type", "must be one or more of string"],
    [{ a: { $type: [] } }, "a.$type", "must be one or more of string"],
    [{ a: { $mod: [0, 1] } }, "a.$mod", "must be a list of two whole numbers"],
    [{ a: { $mod: [2] } }, "a.$mod", "must be a list of two whole numbers"],
    [{ a: { $size: -1 } }, "a.$size", "must be a whole number from 0 on"],
    [{ a: { $size: "1" } }, "a.$size", "must be a whole number from 0 on"],
    [{ a: { $all: [] } }, "a.$all", "must be a list that is not empty"],
    [{ a: { $all: [{ $gt: 1 }] } }, "a.$all[0]", "must be a value, or a map with $elemMatch"],
    [{ a: { $elemMatch: 1 } }, "a.$elemMatch", "must be a map"],
    [{ a: { $elemMatch: { b: { $bad: 1 } } } }, "a.$elemMatch.b.$bad", "is not an operator that is known here"],
    [{ a: { $not: 5 } }, "a.$not", "must be a map of operators"],
    [{ a: { $not: { b: 1 } } }, "a.$not", "must be a map of operators"],
    [{ a: { $regex: 5 } }, "a.$regex", "must be a text"],
    [{ a: { $regex: "a", $options: 5 } }, "a.$options", "must be a text"],
    [{ a: { $regex: "a", $options: "g" } }, "a.$regex", "takes only the options i, m and s"],
    [{ a: { $options: "i" } }, "a.$options", "belongs beside $regex"],
    [{ a: { $regex: "(?=x)" } }, "a.$regex", "without look-around and back-references"],
    [{ a: { $regex: "(?<=x)y" } }, "a.$regex", "without look-around and back-references"],
    [{ a: { $regex: "(a)\\1" } }, "a.$regex", "without look-around and back-references"],
    [{ a: { $regex: "x".repeat(301) } }, "a.$regex", "must be at most 300 characters long"],
    [{ a: { $regex: "(abcdefgh){900}" } }, "a.$regex", "is too large a pattern"],
    [{ "a..b": 1 }, "a..b", "is not a path"],
    [{ "": 1 }, "", "is not a path"],
    [{ [`${"a.".repeat(30)}a`]: 1 }, `${"a.".repeat(30)}a`, "is too long a path"],
    [{ a: 1n }, "", "must be JSON"],
    [{ a: undefined }, "", "must be JSON"],
    [{ a: () => 1 }, "", "must be JSON"],
  ])("%o", (filter, path, message) => {
    const [fault] = faults(filter);
    expect(fault?.path).toBe(path);
    expect(fault?.message).toContain(message);
  });

  it("names every fault", () => {
    expect(faults({ a: { $bad: 1 }, $or: [{ b: { $in: 1 } }, { c: { $size: "x" } }] })).toHaveLength(3);
  });

  it("bounds depth, size and patterns", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 30; i++) deep = { $and: [deep] };
    expect(faults(deep)[0]?.message).toContain("nest at most");
    expect(faults({ a: { $in: Array.from({ length: 2_000 }, () => 1) } })[0]?.message).toContain("at most 1000 values");
    const patterns = Array.from({ length: 20 }, () => ({ a: { $regex: "x{400}" } }));
    expect(faults({ $or: patterns }).at(-1)?.message).toContain("together they are too large");
  });
});

describe("work is bounded", () => {
  it.each(["(a+)+$", "^(a|aa)+$", "(a|a?)+b$", "(.*)*x$", "([a-z]+)*[0-9]$"])(
    "%s takes time in line with the text",
    (pattern) => {
      const parsed = parseFilter({ t: { $regex: pattern } });
      if (!parsed.ok) throw new Error("refused");
      const budget = new Budget("filter work", 1_000_000);
      expect(matches(parsed.value, { t: `${"a".repeat(100_000)}!` }, budget)).toBe(false);
      expect(budget.remaining).toBeGreaterThan(700_000);
    },
  );

  it.each(["a[ab]{12}c", "a.{40}[yz]", "(?:a?){20}[yz]", "(?i:a)..........[yz]", "a.........[yz]"])(
    "%s is charged for each place of its program at each character",
    (pattern) => {
      const parsed = parseFilter({ t: { $regex: pattern } });
      if (!parsed.ok) throw new Error("refused");
      const budget = new Budget("filter work", 1_000_000);
      expect(matches(parsed.value, { t: "ab".repeat(1_000) }, budget)).toBe(false);
      expect(budget.remaining).toBeLessThan(1_000_000 - 2_000 * 20);
      expect(matches(parsed.value, { t: "ab".repeat(50_000) }, budget)).toBe(false);
      expect(budget.isExceeded).toBe(true);
    },
  );

  it.each(["error|failed|critical|down|timeout|refused", "^web-\\d+\\.example\\.com$", "disk .* is full"])(
    "%s is not, for its program has few choices",
    (pattern) => {
      const parsed = parseFilter({ t: { $regex: pattern } });
      if (!parsed.ok) throw new Error("refused");
      const budget = new Budget("filter work", 1_000_000);
      matches(parsed.value, { t: "ab".repeat(50_000) }, budget);
      expect(budget.remaining).toBeGreaterThan(500_000);
    },
  );

  it("gives up on a text that is too long to look through", () => {
    const parsed = parseFilter({ t: { $regex: "^a" } });
    if (!parsed.ok) throw new Error("refused");
    const budget = new Budget("filter work", 1_000_000);
    expect(matches(parsed.value, { t: "a".repeat(1_000_000) }, budget)).toBe(false);
    expect(budget.isExceeded).toBe(true);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["a long list", { "l.a": { $ne: 1 } }, { l: Array.from({ length: 1_000_000 }, () => ({})) }],
    ["many texts", { l: { $not: { $regex: "b$" } } }, { l: Array.from({ length: 1_000 }, () => "a".repeat(10_000)) }],
    ["long lists compared", { l: { $nin: [[1], [2]] } }, { l: Array.from({ length: 1_000_000 }, () => [3]) }],
  ])("gives up on %s without a match", (_name, filter, document) => {
    const parsed = parseFilter(filter);
    if (!parsed.ok) throw new Error("refused");
    const budget = new Budget("filter work", 1_000_000);
    expect(matches(parsed.value, document, budget)).toBe(false);
    expect(budget.isExceeded).toBe(true);
    expect(matches(parsed.value, {}, budget)).toBe(false);
  });
});

describe("prototypes are out of reach", () => {
  it.each([
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "a.constructor",
    "a.__proto__.x",
    "l.length",
    "l.constructor",
    "s.length",
  ])("%s is not there unless it was sent", (path) => {
    const document: JsonObject = { a: {}, l: [1], s: "x" };
    expect(passes({ [path]: { $exists: true } }, document)).toBe(false);
    expect(passes(JSON.parse(`{${JSON.stringify(path)}:{"$ne":null}}`), document)).toBe(path.startsWith("l."));
  });

  it("finds fields that are called like parts of a prototype", () => {
    const document: JsonObject = JSON.parse('{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3}');
    expect(passes(JSON.parse('{"__proto__.x":1,"constructor":2,"hasOwnProperty":3}'), document)).toBe(true);
    expect(passes(JSON.parse('{"__proto__":{"x":1}}'), document)).toBe(true);
    expect(passes(JSON.parse('{"a":{"__proto__":1}}'), { a: {} })).toBe(false);
  });
});
