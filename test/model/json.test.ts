import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Digits } from "../../src/model/digits.ts";
import { parseExact, parseNumbersAsTexts } from "../../src/model/exact-json.ts";
import { type Json, memberOf, valueAt } from "../../src/model/json.ts";

const digits = (most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most }).map((each) => each.join(""));
const written = fc
  .record({
    sign: fc.constantFrom("", "-"),
    whole: fc.oneof(
      fc.constant("0"),
      fc.tuple(fc.integer({ min: 1, max: 9 }), digits(330)).map((each) => each.join("")),
    ),
    fraction: fc.option(digits(40)),
    exponent: fc.option(fc.tuple(fc.constantFrom("e", "E", "e+", "e-"), digits(4)).map((each) => each.join(""))),
  })
  .map(
    ({ sign, whole, fraction, exponent }) =>
      `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${exponent ?? ""}`,
  );

describe("JSON that is parsed with all of its digits", () => {
  it.each([
    "9007199254740993",
    "-9007199254740993",
    "12345678901234567890",
    "1e400",
    "-1E+0400",
    "123456789012345e295",
  ])("writes %s as it was, alone and within", (number) => {
    expect(String(parseExact(number))).toBe(number);
    expect(JSON.stringify(parseExact(`{"a":[${number},"${number}"]}`))).toBe(`{"a":[${number},"${number}"]}`);
  });

  it("has numbers that a double holds as numbers", () => {
    expect(parseExact("[9007199254740991,1.5,1e20,-0.1e-400,1234567890.1234567890123]")).toEqual([
      9007199254740991, 1.5, 1e20, -0, 1234567890.1234567,
    ]);
  });

  it("keeps whole numbers and those too large, and says of all others what JSON.parse says", () => {
    fc.assert(
      fc.property(written, (number) => {
        const value: unknown = JSON.parse(number);
        const isKept = /^-?\d+$/.test(number) ? !Number.isSafeInteger(value) : !Number.isFinite(value);
        const exact: unknown = parseExact(number);
        expect(exact instanceof Digits).toBe(isKept);
        expect(isKept ? String(exact) : exact).toBe(isKept ? number : value);
        expect(parseNumbersAsTexts(`[${number}]`)).toEqual([number]);
      }),
    );
  });

  it("is refused as JSON.parse refuses it", () => {
    for (const text of ["", "{", "01", "[1234567890123456789,]"]) {
      expect(() => parseExact(text)).toThrow(SyntaxError);
      expect(() => parseNumbersAsTexts(text)).toThrow(SyntaxError);
    }
  });
});

describe("the value at a dotted path", () => {
  const value: Json = { a: [{ b: 1 }, [2]], "": { "": 3 }, s: "text" };

  it.each([
    ["a.0.b", 1],
    ["a.1.0", 2],
    [".", 3],
    ["s", "text"],
    ["a.2", undefined],
    ["a.-1", undefined],
    ["a.1e0", undefined],
    ["a.", undefined],
    ["a.length", undefined],
    ["s.length", undefined],
    ["s.0", undefined],
    ["constructor", undefined],
    ["__proto__.constructor", undefined],
  ])("%j is found in maps and lists, and only what they themselves have", (path, expected) => {
    expect(valueAt(value, path)).toBe(expected);
  });

  it("of what was sent as __proto__ is what was sent", () => {
    expect(valueAt(JSON.parse('{"__proto__":{"a":1}}'), "__proto__.a")).toBe(1);
    expect(memberOf([1], "0")).toBeUndefined();
    expect(memberOf(undefined, "a")).toBeUndefined();
  });
});
