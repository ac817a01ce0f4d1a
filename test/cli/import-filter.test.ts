import { describe, expect, test } from "vitest";
import { Unsayable, translateFilter } from "../../src/cli/import/hookdeck-filter.ts";
import { matches, parseFilter } from "../../src/filters/filter.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";

// Filters of Hookdeck, evaluated as the match of a route. What they hold for is what Hookdeck's own evaluation returns.

function translated(filter: Json): JsonObject {
  const { match } = translateFilter([{ filter, path: "data.event.payload" }]);
  return match ?? {};
}

function holds(body: JsonObject, filter: Json): boolean {
  const parsed = parseFilter(translated(filter));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return matches(parsed.value, { data: { event: { payload: body } } });
}

const nested = {
  order: {
    id: 7,
    items: [
      { sku: "a", count: 2 },
      { sku: "b", count: 9 },
    ],
  },
};

test.each<[body: JsonObject, filter: Json, expected: boolean]>([
  [{ type: "created" }, { type: "created" }, true],
  [{}, { type: "created" }, false],
  [{ type: "updated" }, { type: "created" }, false],
  [{ count: 1 }, { count: 1, type: "created" }, false],
  [{ count: "1" }, { count: 1 }, true],
  [{ count: 1 }, { count: "1" }, true],
  [{ count: 2 }, { count: { $neq: 2 } }, false],
  [{ count: "2" }, { count: { $neq: 2 } }, false],
  [{}, { count: { $neq: 2 } }, false],
  [{ count: 2 }, { count: { $gt: 1, $lt: 3 } }, true],
  [{ count: 4 }, { count: { $gt: 1, $lt: 3 } }, false],
  [{ title: "c" }, { title: { $gt: "b" } }, true],
  [{ tags: ["test", "other"] }, { tags: "test" }, true],
  [{ tags: ["test", "other", "more"] }, { tags: ["test", "other"] }, true],
  [{ tags: ["test", "other"] }, { tags: ["test", "whatever"] }, false],
  [{ exist: null }, { exist: null }, true],
  [{}, { exist: null }, false],
  [{ exist: null }, { exist: { $eq: null } }, true],
  [{ exist: null }, { exist: { $neq: null } }, false],
  [{ exist: 1 }, { exist: { $neq: null } }, true],
  [{ a: true }, { a: true }, true],
  [{ a: false }, { a: true }, false],
  [{ test: "some-text" }, { test: { $startsWith: "some" } }, true],
  [{ test: "some-text" }, { test: { $endsWith: "some" } }, false],
  [{ test: "some-text" }, { test: { $endsWith: ["text", "else"] } }, true],
  [{ test: "some-text" }, { test: { $startsWith: ["something", "else"] } }, false],
  [{ test: "a.b" }, { test: { $in: "." } }, true],
  [{ test: "ab" }, { test: { $in: "." } }, false],
  [{ test: "(a|b)*[c]{1}^$\\/-+?" }, { test: { $endsWith: "(a|b)*[c]{1}^$\\/-+?" } }, true],
  [{ id: 123 }, { id: { $in: [123, 456] } }, true],
  [{ id: 123 }, { id: { $nin: [123, 456] } }, false],
  [{}, { id: { $nin: [123] } }, false],
  [{ test: "some-text" }, { test: { $nin: "some" } }, false],
  [{ test: "other" }, { test: { $nin: "some" } }, true],
  [{ test: "a text" }, { test: { $contains: "text" } }, true],
  [{ test: "else" }, { test: { $exist: true } }, true],
  [{ other: 1 }, { test: { $exist: false } }, true],
  [{ test: "else" }, { test: { $exist: true, $or: ["else", "not"] } }, true],
  [{ test: "else1" }, { test: { $exist: true, $or: ["else", "not"] } }, false],
  [{ test: true }, { $or: [{ test: true }] }, true],
  [{ test: true }, { $or: [{ test: false }] }, false],
  [{ a: { b: "else" } }, { a: { $or: [{ b: true }, { b: { $in: "else" } }] } }, true],
  [{ a: { b: "else" } }, { a: { $and: [{ b: { $neq: null } }, { b: { $in: "no" } }] } }, false],
  [{ inventory: 0 }, { $not: { inventory: 1 } }, true],
  [{ inventory: 1 }, { $not: { inventory: 1 } }, false],
  [{ a: 1, b: 2 }, { $not: { a: 1 }, b: 2 }, false],
  [nested, { order: { id: 7, items: { sku: "b" } } }, true],
  [nested, { order: { id: 8, items: { sku: "b" } } }, false],
  [nested, { order: { items: { count: { $gte: 9 } } } }, true],
])("%j for %j is %s", (body, filter, expected) => {
  expect(holds(body, filter)).toBe(expected);
});

describe("a filter is refused, and not changed silently, with", () => {
  test.each<[string, Json]>([
    ["a reference", { a: { $ref: "b" } }],
    ["a reference beside an operator", { a: { $lte: { $ref: "b" } } }],
    ["an unknown operator", { a: { $regex: "(a+)+$" } }],
    ["a field with a dot", { "a.b": 1 }],
    ["an empty field", { "": 1 }],
    ["a list in an equality", { a: { $eq: [1] } }],
    ["an object in a list", { a: { $in: [{}] } }],
    ["a text that is none", { a: { $startsWith: { b: 1 } } }],
    ["a comparison with a list", { a: { $gt: [1] } }],
    ["no list of alternatives", { $or: { a: 1 } }],
    ["an empty list of alternatives", { $or: [] }],
    ["one value for the whole body", true],
    ["too many conditions", { a: Array.from({ length: 2_001 }, (_, index) => index) }],
  ])("%s", (_, filter) => {
    expect(() => translated(filter)).toThrow(Unsayable);
  });
});

test("fields of one object that may be fields of different items are named", () => {
  const filter = { order: { id: 7, items: { sku: "a", count: 9 } } };
  expect(translateFilter([{ filter, path: "data.event.payload" }]).apart).toEqual(["order", "order.items"]);
});
