import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseJson, readNumber, writeJson } from "../../src/model/portable-json.ts";

/** As in Node 20 and in browsers of 2023: no `rawJSON`, and no source text for revivers. */
function withoutRawJson(): void {
  const { parse, stringify } = JSON;
  const old = (text: string, revive?: (this: unknown, name: string, value: unknown) => unknown): unknown =>
    parse(text, revive === undefined ? undefined : (name, value) => revive(name, value));
  vi.stubGlobal("JSON", { parse: old, stringify });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const NUMBERS = [
  "9007199254740993",
  "-9007199254740993",
  "1e400",
  "0.1000000000000000055",
  "12345678901234567890123456789",
  "1.0",
  "-0",
];
/** What is written for a number that a double holds or is nearest to. */
const SHORT = new Map([
  ["0.1000000000000000055", "0.1"],
  ["1.0", "1"],
  ["-0", "0"],
]);

describe.each([
  ["with JSON.rawJSON", () => {}],
  ["without JSON.rawJSON", withoutRawJson],
])("JSON of the dashboard and the command line, %s", (_name, prepare) => {
  it.each(NUMBERS)("writes %s as it was read, alone, in a list, in a map and beside texts", (number) => {
    prepare();
    const short = SHORT.get(number) ?? number;
    expect(writeJson(parseJson(number))).toBe(short);
    const text = (n: string): string =>
      `{"9007199254740993":[${n},"${number}","n${number}"],"a\\"${number}":{"t":${n}}}`;
    expect(writeJson(parseJson(text(number)))).toBe(text(short));
    expect(writeJson(parseJson(`{"a":${number},"b":1}`), 2)).toBe(`{\n  "a": ${short},\n  "b": 1\n}`);
  });

  it("reads and writes any JSON, with any number beside it", () => {
    const { stringify } = JSON;
    prepare();
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...NUMBERS), fc.nat(3), (value, number, indent) => {
        const text = stringify({ first: 0, value }).replace("0", number);
        const expected = stringify({ first: 0, value }, null, indent).replace("0", SHORT.get(number) ?? number);
        expect(writeJson(parseJson(text), indent)).toBe(expected);
      }),
    );
  });

  it("refuses what is no JSON", () => {
    prepare();
    for (const text of ["", "{", "01", "[1234567890123456789,]", '{"a":12345678901234567890 1}']) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
  });

  it.each([
    ["9007199254740993", "9007199254740993"],
    [" +0009007199254740993 ", "9007199254740993"],
    ["-12345678901234567890123456789", "-12345678901234567890123456789"],
    ["1e400", "1e400"],
    ["5", "5"],
    ["007.50", "7.5"],
    [".5", "0.5"],
    ["0", "0"],
  ])("reads %j that a person has written", (text, expected) => {
    prepare();
    expect(String(readNumber(text))).toBe(expected);
  });

  it.each(["", " ", "abc", "1 2", "--1", "Infinity", "NaN"])("takes %j for no number", (text) => {
    prepare();
    expect(readNumber(text)).toBeNull();
  });
});
