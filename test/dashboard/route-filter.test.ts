import { describe, expect, it } from "vitest";
import { EMPTY_DRAFT, matchOf, withView } from "../../src/dashboard/routes/draft.ts";
import { documentOf, fieldsOf, knownFields } from "../../src/dashboard/routes/filter/event-document.ts";
import { lineOf, readJson } from "../../src/dashboard/routes/filter/json-lines.ts";
import {
  EMPTY_CONDITION,
  completeOf,
  readMatch,
  withCondition,
  writeMatch,
} from "../../src/dashboard/routes/filter/match-tree.ts";
import { escapePattern, literalOf } from "../../src/dashboard/routes/filter/pattern-text.ts";
import { matchText } from "../../src/dashboard/routes/match-text.ts";
import { matches, parseFilter } from "../../src/filters/filter.ts";
import type { JsonObject } from "../../src/model/json.ts";

const P = "data.event.payload";

/** Filters as people write them, those that the builder has no words for among them. */
const FILTERS: readonly JsonObject[] = [
  { [`${P}.env`]: "prod" },
  { [`${P}.n`]: { $gt: 1, $lte: 3 } },
  { [`${P}.env`]: { $in: ["prod", "test", 5, null, true] } },
  { [`${P}.env`]: { $nin: ["prod"] }, [`${P}.n`]: { $ne: 2 } },
  { $or: [{ [`${P}.env`]: "prod" }, { [`${P}.n`]: 1, [`${P}.tags`]: "a" }] },
  { $nor: [{ [`${P}.env`]: "prod" }, { [`${P}.n`]: 1 }] },
  { $and: [{ [`${P}.tags`]: "a" }, { [`${P}.tags`]: "b" }] },
  { $and: [{ [`${P}.n`]: { $gt: 1 } }, { [`${P}.n`]: { $lt: 3 } }, { $or: [{ [`${P}.env`]: "prod" }] }] },
  { $or: [{ [`${P}.n`]: 1 }], $and: [{ $or: [{ [`${P}.env`]: "test" }] }] },
  { [`${P}.env`]: { $regex: "^pr" } },
  { [`${P}.env`]: { $regex: "OD", $options: "i" } },
  { [`${P}.env`]: { $regex: "st$", $exists: true } },
  { [`${P}.env`]: { $regex: "p.o|te" } },
  { [`${P}.env`]: { $regex: "^prod$", $options: "m" } },
  { [`${P}.env`]: { $not: { $regex: "ro" } } },
  { [`${P}.env`]: { $not: { $in: ["prod"] } } },
  { [`${P}.none`]: { $exists: false }, [`${P}.env`]: { $exists: true } },
  { [`${P}.tags`]: { $all: ["a", "b"] } },
  { [`${P}.tags`]: { $size: 2 } },
  { [`${P}.list`]: { $elemMatch: { x: 1, y: { $gt: 1 } } } },
  { [`${P}.n`]: { $mod: [2, 0] } },
  { [`${P}.n`]: { $type: "number" }, [`${P}.env`]: "test" },
  { [`${P}.list`]: { x: 1, y: 1 } },
  { [`${P}.tags`]: ["a", "b"] },
  { $or: [{}, { [`${P}.n`]: 9 }] },
  { $nor: [{ $and: [{ [`${P}.n`]: 1 }, { [`${P}.env`]: "prod" }] }, { $nor: [{ [`${P}.env`]: { $ne: "x" } }] }] },
  {},
];

const PAYLOADS: readonly JsonObject[] = [
  { env: "prod", n: 1, tags: ["a"], list: [{ x: 1, y: 1 }] },
  { env: "test", n: 2, tags: ["a", "b"], list: [{ x: 1, y: 2 }] },
  {
    env: "PROD",
    n: 3,
    tags: ["b"],
    list: [
      { x: 2, y: 2 },
      { x: 1, y: 0 },
    ],
  },
  { env: null, n: "1", tags: [] },
  { env: "prod" },
  { none: 1, n: 4 },
];

function taken(filter: JsonObject | null): readonly boolean[] {
  const parsed = parseFilter(filter ?? {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return PAYLOADS.map((payload) => matches(parsed.value, { type: "event.received", data: { event: { payload } } }));
}

describe("a filter in the builder", () => {
  it.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))(
    "%s matches the same events after it was read and written",
    (_name, filter) => {
      const written = writeMatch(readMatch(filter));
      expect(taken(written)).toEqual(taken(filter));
      expect(writeMatch(readMatch(written))).toEqual(written);
    },
  );

  it("keeps what it has no words for as it is", () => {
    const filter = { [`${P}.list`]: { $elemMatch: { x: 1 } }, [`${P}.env`]: "prod" };
    expect(readMatch(filter).items.map(({ kind }) => kind)).toEqual(["raw", "condition"]);
    expect(writeMatch(readMatch(filter))).toEqual(filter);
  });

  it("stays in the words of its author while nobody changes it", () => {
    const filter = { $and: [{ type: { $eq: "alert.created" } }] };
    const json = withView({ ...EMPTY_DRAFT.filter, view: "builder", tree: readMatch(filter), match: filter }, "json");
    expect(matchOf(json)).toEqual({ ok: true, match: filter });
    expect(matchOf(withView(json, "builder"))).toEqual({ ok: true, match: filter });
  });

  it("stays in the JSON view while the text is no filter", () => {
    const broken = { view: "json", text: '{\n  "a": \n}' } as const;
    expect(withView(broken, "builder")).toBe(broken);
    expect(matchOf(broken)).toMatchObject({ ok: false, line: 3 });
    expect(matchOf({ view: "json", text: "[]" })).toMatchObject({ ok: false });
    expect(matchOf({ view: "json", text: " " })).toEqual({ ok: true, match: null });
  });

  it("gets a condition that all others are combined with", () => {
    const condition = { ...EMPTY_CONDITION, path: "type", test: { ...EMPTY_CONDITION.test, value: "test" } };
    const written = (filter: JsonObject | null) => writeMatch(withCondition(readMatch(filter), condition));
    expect(written(null)).toEqual({ type: "test" });
    expect(written({ [P]: 1 })).toEqual({ [P]: 1, type: "test" });
    const either = { $or: [{ [P]: 1 }, { [P]: 2 }] };
    expect(written(either)).toEqual({ ...either, type: "test" });
  });

  it("is previewed without the conditions that have no field yet", () => {
    const tree = readMatch({ $or: [{ [P]: 1 }, { [P]: 2 }] });
    const group = { kind: "group", combination: "none", items: [EMPTY_CONDITION] } as const;
    const incomplete = { ...tree, items: [...tree.items, EMPTY_CONDITION, group] };
    expect(writeMatch(completeOf(incomplete))).toEqual(writeMatch(tree));
    expect(writeMatch(completeOf({ ...tree, items: [EMPTY_CONDITION] }))).toBeNull();
  });

  it("is a sentence in a list", () => {
    expect(matchText({ "data.alert.urgency": { $in: ["high", "critical"] }, [`${P}.env`]: "prod" })).toBe(
      'alert.urgency is one of high, critical and env is "prod"',
    );
    expect(matchText({ $nor: [{ type: "test" }] })).toBe('not (type is "test")');
  });
});

describe("a pattern", () => {
  it.each(["a.b*c", "(x)|[y]{2}", String.raw`back\slash`, "$1 ^2", "ünï"])("that looks for %j is a text", (text) => {
    expect(new RegExp(escapePattern(text), "u").test(`before ${text} after`)).toBe(true);
    expect(literalOf(escapePattern(text))).toEqual({ text, place: "contains" });
    expect(literalOf(`^${escapePattern(text)}`)).toEqual({ text, place: "starts_with" });
    expect(literalOf(`${escapePattern(text)}$`)).toEqual({ text, place: "ends_with" });
  });

  it.each(["a|b", "^a$", String.raw`\d`, "a.b", String.raw`\bword`, "[a]", String.raw`a\$$b`])(
    "%s is more than a text",
    (pattern) => {
      expect(literalOf(pattern)).toBeNull();
    },
  );
});

describe("JSON with lines", () => {
  it("knows the line of each path as the gateway names it", () => {
    const read = readJson('{\n "$or": [\n  {"a.b": 1},\n  {"c":\n   {"$in": [1,\n 2]}}\n ]\n}');
    if (!read.ok) throw new Error(read.message);
    expect(read.value).toEqual({ $or: [{ "a.b": 1 }, { c: { $in: [1, 2] } }] });
    expect(lineOf(read.lines, "$or[0].a.b")).toBe(3);
    expect(lineOf(read.lines, "$or[1].c.$in")).toBe(5);
    expect(lineOf(read.lines, "$or[1].c.$in[1]")).toBe(6);
    expect(lineOf(read.lines, "$or[1].unknown")).toBe(4);
    expect(lineOf(read.lines, "")).toBe(1);
  });

  it.each([
    ['{"a": 1,\n}', 2],
    ['{"a" 1}', 1],
    ['{\n"a": tru}', 2],
    ['{"a": [1\n2]}', 2],
    ["{} x", 1],
    ['{"a": "open\n}', 1],
    ["", 1],
    ["[".repeat(10_000), 1],
  ])("says at which line %j is wrong", (text, line) => {
    expect(readJson(text)).toMatchObject({ ok: false, line });
  });

  it.each(['{"__proto__": {"x": 1}}', '[1, -2.5e3, "\\u00e4\\n", true, null, {}, []]'])("reads %s", (text) => {
    const read = readJson(text);
    expect(read.ok && JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
  });
});

describe("the fields of an event", () => {
  const event = {
    id: "evt_1",
    integration_id: "int_1",
    received_at: "2026-11-20T10:00:00.000Z",
    type: "event.received",
    payload: { env: "prod", hosts: [{ name: "a" }, { name: "b" }], "a.b": 1, "": 2, $x: 3 },
    headers: { "x-kind": "push" },
  } as const;

  it("are those that a filter can name, and a list stands for its items", () => {
    const paths = fieldsOf(documentOf(event)).map(({ path, value }) => `${path}=${String(value)}`);
    expect(paths).toContain("data.event.payload.hosts.name=b");
    expect(paths).toContain("data.event.headers.x-kind=push");
    expect(paths.some((path) => /a\.b|\$x/.test(path))).toBe(false);
  });

  it("of many events are listed once, with the most frequent value first", () => {
    const other = { ...event, payload: { env: "test" } };
    const known = knownFields([other, event, other].map(documentOf));
    expect(known.find(({ path }) => path === `${P}.env`)?.values).toEqual(["test", "prod"]);
  });

  it("of the gateway's own event are below data", () => {
    const own = { ...event, integration_id: null, type: "delivery.dead", payload: { count: 3 } } as const;
    expect(fieldsOf(documentOf(own)).map(({ path }) => path)).toEqual(["type", "timestamp", "data.count"]);
  });
});
