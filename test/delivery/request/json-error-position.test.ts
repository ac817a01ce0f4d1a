import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFault } from "../../../src/delivery/request/json-error-position.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("the fault of a text that is not JSON", () => {
  it.each([
    ['{"a":}', "breaks at line 1, column 6 (position 5)"],
    ['{"a":1,}', "breaks at line 1, column 8 (position 7)"],
    ['{\n  "a": "b\nc"\n}', "breaks at line 2, column 10 (position 11)"],
    ['{"a": "say "hi""}', "breaks at line 1, column 13 (position 12)"],
    ["[1 2]", "breaks at line 1, column 4 (position 3)"],
    ["[01]", "breaks at line 1, column 2 (position 1)"],
    ["[1}", "breaks at line 1, column 3 (position 2)"],
    ["{1:2}", "breaks at line 1, column 2 (position 1)"],
    ['{"a" 1}', "breaks at line 1, column 6 (position 5)"],
    ["{} {}", "breaks at line 1, column 4 (position 3)"],
    ["hello", "breaks at line 1, column 1 (position 0)"],
    [String.raw`"\x"`, "breaks at line 1, column 2 (position 1)"],
    ['{"a":[', "ends too early"],
    ['"abc', "ends too early"],
    [" \n", "is empty"],
  ])("is reported with its position: %s", (text, fault) => {
    expect(jsonFault(text)).toBe(fault);
  });

  it("is null if the text is JSON", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonFault(text)).toBe(null);
      }),
    );
    expect(jsonFault('"\u007f\u2028\ud800"')).toBe(null);
  });

  it("is always found within the text", () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", '"', "}", "]", "\n", "x", "1", "\\"))
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
    fc.assert(
      fc.property(broken, (text) => {
        const fault = jsonFault(text);
        expect(fault === null).toBe(isJson(text));
        const position = /position (\d+)\)$/.exec(fault ?? "")?.[1];
        if (position !== undefined) expect(Number(position)).toBeLessThan(text.length);
      }),
    );
  });

  it("is found at once in a long text", () => {
    expect(jsonFault(`["${"a".repeat(262_000)}" 1]`)).toContain("(position 262004)");
    expect(jsonFault("[".repeat(200_000))).toBe("ends too early");
  });
});
