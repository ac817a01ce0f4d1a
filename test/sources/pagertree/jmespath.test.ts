import { search as librarySearch } from "@jmespath-community/jmespath";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { search } from "../../../src/sources/pagertree/jmespath-search.ts";
import { parseExpression } from "../../../src/sources/pagertree/jmespath.ts";
import { runs } from "../../support/runs.ts";

function parsed(text: string) {
  const expression = parseExpression(text);
  if (!expression.ok) throw new Error(expression.error);
  return expression.value;
}

const run = (text: string, value: Parameters<typeof search>[1]) => search(parsed(text), value);

const DOCUMENT = {
  a: { b: [1, 2, { c: "x" }], "d-e": { f: null }, list: [[1, [2]], 3, []] },
  items: [
    { name: "one", at: 3, on: true, tags: ["p", "q"] },
    { name: "two", at: 1, on: false, tags: [] },
    { name: "three", at: 2, on: true },
  ],
  text: "words here",
  number: 7,
  none: null,
};

describe("an expression gives what the library gives", () => {
  it.each([
    "a",
    "a.b[2].c",
    "a.b[-1]",
    "a.b[9]",
    'a."d-e"',
    "nothing.at.all",
    "@",
    "a.b[0:2]",
    "a.b[::-1]",
    "a.*",
    "*.b[]",
    "items[*].name",
    "items[].tags[]",
    "items[?on].name | [0]",
    "items[?at > `1`] | [-1]",
    "a.list[]",
    "a.list[][]",
    "items[?name == 'two' || at == `2`].at",
    "items[?!on && at < `2`]",
    "items[?tags[0] != `null`].name",
    "none || a.b",
    "none && a",
    "!none",
    "number.x",
    "text[0]",
    "{x: number, y: items[0].{n: name, l: [at, on]}}",
    "items[*].[name, at]",
    '`{"l": [1]}`.l[0]',
    "'raw'",
    "length(items)",
    "keys(a) | sort(@)",
    "values(a)[0]",
    "sort_by(items, &at)[*].name",
    "max_by(items, &at).name",
    "min_by(items, &at)",
    "map(&at, items)",
    "sum(items[*].at)",
    "merge(a, {z: number})",
    "join(', ', items[*].name)",
    "not_null(none, number)",
    "to_string(a)",
    "to_number('4')",
    "contains(text, 'here')",
    "starts_with(text, 'w')",
    "ends_with(text, 'w')",
    "reverse(items)[0].name",
    "type(a)",
    "avg(items[*].at)",
    "abs(`-2`)",
    "ceil(`1.2`)",
    "floor(`1.8`)",
    "max(items[*].at)",
    "min(items[*].at)",
    "to_array(a)",
  ])("%s", (text) => {
    expect(run(text, DOCUMENT)).toEqual({ ok: true, value: librarySearch(DOCUMENT, text) });
  });

  it("for expressions put together at random", () => {
    const step = fc.constantFrom("a", "b", "items", "[0]", "[-1]", "[]", "[*]", "*", "[?a]", "[?b == `1`]");
    const json = fc.jsonValue({ maxDepth: 4 });
    const key = fc.constantFrom("a", "b", "items");
    const document = fc.dictionary(key, fc.oneof(json, fc.array(fc.dictionary(key, json)), fc.dictionary(key, json)));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), document, (steps, value) => {
        const text = steps.map((part, i) => (i > 0 && !part.startsWith("[") ? `.${part}` : part)).join("");
        const expression = parseExpression(text);
        const given = JSON.parse(JSON.stringify(value));
        if (expression.ok)
          expect(search(expression.value, given)).toEqual({ ok: true, value: librarySearch(given, text) });
      }),
      { numRuns: runs(300) },
    );
  });
});

describe("what is refused when it is written", () => {
  it.each([
    ["", "not a JMESPath expression"],
    ["a[", "not a JMESPath expression"],
    ["a.", "not a JMESPath expression"],
    ["`{`", "not a JMESPath expression"],
    ["a b", "not a JMESPath expression"],
    ["pad_left(a, `999999999`)", "pad_left()"],
    ["items[*].trim(@)", "trim()"],
    ["{a: [constructor(@)]}", "constructor()"],
    ["a[?b == split(',', c)]", "split()"],
    ["$.a", "$"],
    ["let $x = a in $x", "let"],
    ["a + b", "arithmetic"],
    ["a ? b : c", "? :"],
    ["&a", "outside of a function"],
    ["sort_by(items, at)", "without an &expression"],
    ["a.[map(b, items)]", "without an &expression"],
    ["max_by(items)", "without an &expression"],
    ["a.b".padEnd(1_001, "b"), "1000 characters"],
  ])("%j", (text, why) => {
    const result = parseExpression(text);
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? "" : result.error).toContain(why);
  });
});

describe("what does not end well", () => {
  it.each(["length(number)", "sort_by(items, &on)", "join(text, number)", "a.b[::0]", "max(a)", "sort(items)"])(
    "%s fails and does not throw",
    (text) => {
      expect(run(text, DOCUMENT)).toMatchObject({ ok: false, error: expect.stringContaining("does not work") });
    },
  );

  it.each([
    ["doubling a list", Array.from({ length: 60 }, () => "[@,@][]").join("|")],
    ["doubling by reference", Array.from({ length: 60 }, () => "[@,@]").join("|")],
    ["doubling and comparing", `${Array.from({ length: 60 }, () => "[@,@]").join("|")} | @ == @`],
    ["doubling a map", Array.from({ length: 60 }, () => "{a:@,b:@}").join("|")],
    ["doubling a text", `text | ${Array.from({ length: 40 }, () => "join('',[@,@])").join("|")}`],
    ["escaping again and again", `text | ${Array.from({ length: 60 }, () => "to_string([@])").join("|")}`],
    ["joining with a long text", "join(long, many[*].name)"],
  ])("%s is given up", (_, text) => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}` }));
    const result = run(text, { text: "words", long: "x".repeat(4_000), many });
    expect(result).toEqual({ ok: false, error: "takes too much work on this payload" });
  });

  it("own names only are fields", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(run(`"${name}"`, {})).toEqual({ ok: true, value: null });
    }
    expect(run('"__proto__".x', JSON.parse('{"__proto__":{"x":1}}'))).toEqual({ ok: true, value: 1 });
    const made = run('{"__proto__": a, "constructor": a}', { a: { polluted: 1 } });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(made.ok && Object.getPrototypeOf(made.value)).toBe(Object.prototype);
  });
});

it("a large map is found whole", () => {
  const data = { text: "x".repeat(9_000_000), list: Array.from({ length: 200_000 }, (_, i) => i) };
  expect(run("data", { data })).toEqual({ ok: true, value: data });
  expect(run("events[0].data || data", { data })).toEqual({ ok: true, value: data });
});
