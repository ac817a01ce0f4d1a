import { Document, parseDocument, visit } from "yaml";
import { describe, expect, it } from "vitest";
import { parseJson, writeJson } from "../../src/model/portable-json.ts";
import { DIGITS_TAG, parseYaml } from "../../src/model/portable-yaml.ts";

function read(text: string): string {
  return writeJson(parseYaml({ parseDocument, visit }, text, 100));
}

describe("YAML of the dashboard and the command line", () => {
  it.each(["9007199254740993", "-9007199254740993", "1e400", "12345678901234567890123456789", "1.5", "0"])(
    "has the number %s with all digits, read and written",
    (number) => {
      expect(read(`a: ${number}\nb: [ ${number} ]\nc: &x ${number}\nd: *x\ne: "${number}"\n`)).toBe(
        `{"a":${number},"b":[${number}],"c":${number},"d":${number},"e":"${number}"}`,
      );
      const document = new Document(parseJson(`{"a":${number},"b":[${number}],"c":"${number}"}`), {
        customTags: [DIGITS_TAG],
      });
      const text = document.toString();
      expect(text).toBe(`a: ${number}\nb:\n  - ${number}\nc: "${number}"\n`);
      expect(read(text)).toBe(`{"a":${number},"b":[${number}],"c":"${number}"}`);
    },
  );

  it("has numbers in other notations and as names", () => {
    expect(read("a: +9007199254740993\nb: 0x10\nc: .inf\n9007199254740993: d\n")).toBe(
      '{"a":9007199254740993,"b":16,"c":null,"9007199254740993":"d"}',
    );
  });

  it("is refused if it is broken, or has too many aliases", () => {
    expect(() => read("a: [")).toThrow(Error);
    const bomb = `a: &a [1]\n${[..."bcdefghi"].map((name, index) => `${name}: &${name} [${`*${"abcdefgh"[index]},`.repeat(9)}]`).join("\n")}\n`;
    expect(() => read(bomb)).toThrow(Error);
  });
});
