import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordLines } from "../../src/cli/terminal/record.ts";
import { Table } from "../../src/cli/terminal/table.ts";
import { cut, fit, neutralize, neutralizeJson, oneLine, widthOf } from "../../src/cli/terminal/text.ts";
import { runs, SEED } from "../support/runs.ts";
import { exactly, parsePastTime, parseSpan, relative } from "../../src/cli/terminal/time.ts";

const NOW = Date.parse("2026-11-20T10:00:00.000Z");
const SETTINGS = { seed: SEED, numRuns: runs(500) };
const anyText = fc.string({ unit: "binary" });

describe("text of strangers", () => {
  test("has no control characters, and one line if it must", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(neutralize(text)).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      }),
      SETTINGS,
    );
  });

  test("in JSON stays equal", () => {
    const isKept = fc.property(anyText, (text) => {
      expect(JSON.parse(neutralizeJson(JSON.stringify({ [text]: [text] })))).toEqual({ [text]: [text] });
    });
    fc.assert(isKept, SETTINGS);
  });

  test("is cut and filled to a width", () => {
    fc.assert(
      fc.property(anyText.map(oneLine), fc.nat(60), (text, width) => {
        expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width);
        expect(widthOf(fit(text, width))).toBe(width);
      }),
      SETTINGS,
    );
    expect([widthOf("abc"), widthOf("界"), widthOf("😀"), widthOf("e\u0301"), widthOf("👨‍👩‍👧")]).toEqual([3, 2, 2, 1, 2]);
    expect(cut("abcdef", 4)).toBe("abc…");
  });
});

describe("a table", () => {
  const columns = [
    { title: "ID", value: ({ id }: { id: string }) => id },
    { title: "TEXT", value: ({ text }: { text: string }) => text, min: 5 },
    { title: "MORE", value: () => "more more more", leave: 1 },
  ] as const;
  const rows = [{ id: "evt_0123456789", text: "a long text\nin two lines" }];
  const lines = (room: number): readonly string[] => new Table<{ id: string; text: string }>(columns).lines(rows, room);

  test("shrinks, then leaves columns out, and never cuts an id", () => {
    expect(lines(100)[1]).toBe("evt_0123456789  a long text in two lines  more more more");
    expect(lines(40)[1]).toBe("evt_0123456789  a long …  more more more");
    expect(lines(30)[1]).toBe("evt_0123456789  a long text i…");
    expect(lines(5)[1]).toBe("evt_0123456789  a lo…");
  });

  test("keeps its widths for later rows, and has its titles once", () => {
    const table = new Table<{ id: string; text: string }>(columns);
    expect(table.lines(rows, 100)).toHaveLength(2);
    expect(table.lines([{ id: "a", text: "b" }], 100)).toEqual([`a${" ".repeat(15)}b${" ".repeat(25)}more more more`]);
  });
});

describe("times", () => {
  test.each([
    ["30m", "2026-11-20T09:30:00.000Z"],
    ["1h30m", "2026-11-20T08:30:00.000Z"],
    ["7d", "2026-11-13T10:00:00.000Z"],
    ["now", "2026-11-20T10:00:00.000Z"],
    ["2026-11-19", "2026-11-19T00:00:00.000Z"],
    ["2026-11-19T10:00", "2026-11-19T10:00:00.000Z"],
    ["2026-11-19T10:00:00+02:00", "2026-11-19T08:00:00.000Z"],
    ["yesterday", null],
    ["1y", null],
    ["", null],
    ["2026-13-01", null],
    ["-1h", null],
  ])("%j is %j", (text, time) => {
    expect(parsePastTime(text, NOW)).toBe(time);
  });

  test("are shown relative to now", () => {
    const ago = (span: string): string => relative(new Date(NOW - (parseSpan(span) ?? 0)).toISOString(), NOW);
    expect(["0s", "59s", "60s", "59m", "1h", "47h", "48h"].map(ago)).toEqual([
      "now",
      "59s ago",
      "1m ago",
      "59m ago",
      "1h ago",
      "47h ago",
      "2d ago",
    ]);
    expect(relative("2026-11-20T12:00:00.000Z", NOW)).toBe("in 2h");
    expect(exactly("2026-11-20T09:00:00.000Z", NOW)).toBe("2026-11-20T09:00:00.000Z (1h ago)");
  });
});

test("a record has a field on each line, with nested ones below", () => {
  const record = {
    id: "a",
    tags: ["x", "y\n"],
    none: null,
    at: "2026-11-20T09:00:00.000Z",
    list: [{ a: 1, b: { c: true } }],
    text: "one\ntwo",
  };
  const lines = recordLines(record, NOW).map((line) => line.replaceAll(/[\ue000-\ue00f]/g, ""));
  expect(lines).toEqual([
    "id    a",
    "tags  x, y ",
    "none  none",
    "at    2026-11-20T09:00:00.000Z (1h ago)",
    "list",
    "  - a  1",
    "    b",
    "      c  true",
    "text",
    "  one",
    "  two",
  ]);
});
