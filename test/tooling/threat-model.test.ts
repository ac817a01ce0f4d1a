import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/threat-model.md"), "utf8");
const THREATS = ["attacker", "threat", "defence", "what remains", "test"];

/** The rows of all tables with these columns, as lists of cells. */
function rowsOf(page: string, columns: readonly string[]): string[][] {
  const rows: string[][] = [];
  let isInTable = false;
  for (const line of page.split("\n")) {
    const cells = line.startsWith("|") ? line.split("|").slice(1, -1) : [];
    const trimmed = cells.map((cell) => cell.trim());
    if (trimmed.join("|") === columns.join("|")) isInTable = true;
    else if (trimmed.length === 0) isInTable = false;
    else if (isInTable && !/^-+$/.test(trimmed[0] ?? "")) rows.push(trimmed);
  }
  return rows;
}

/** A test as a cell names it: the file, then the title. */
function testsIn(cell: string): { file: string; title: string }[] {
  return cell.split("<br>").map((part) => {
    const [, file = "", title = ""] = /^`(test\/[\w./-]+\.test\.ts)` "(.+)"$/.exec(part.trim()) ?? [];
    return { file, title };
  });
}

/** Whether a file has a test or a group of tests with a title, which may come after a table of cases. */
function hasTitle(source: string, title: string): boolean {
  return source
    .split(`"${title}"`)
    .slice(0, -1)
    .some((before) => /\(\s*$/.test(before));
}

const rows = rowsOf(PAGE, THREATS);
const attackers = rowsOf(PAGE, ["attacker", "has"]).map(([name = ""]) => name);

test("the page has tables of threats, and names each attacker", () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => row.length !== THREATS.length)).toEqual([]);
  expect(new Set(rows.map(([attacker]) => attacker))).toEqual(new Set(attackers));
});

describe.each(rows.map(([, threat = "", defence = "", , tests = ""]) => [threat, defence, tests] as const))(
  "%s",
  (_, defence, tests) => {
    test("has a defence in a file that exists", () => {
      const files = [...defence.matchAll(/`((?:src|\.github)\/[^`]+)`/g)].map(([, file = ""]) => file);
      expect(files.length > 0 || defence.startsWith("none: ")).toBe(true);
      expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    });

    test.each(testsIn(tests))("has the test $title in $file", ({ file, title }) => {
      expect(existsSync(join(ROOT, file)), `${tests} names a file and a title`).toBe(true);
      expect(hasTitle(readFileSync(join(ROOT, file), "utf8"), title)).toBe(true);
    });
  },
);

test("a row without a test, or with one that does not exist, is found out", () => {
  expect(testsIn("none")).toEqual([{ file: "", title: "" }]);
  expect(testsIn('`test/a.test.ts` "b c"<br>`test/d.test.ts` "e"')).toEqual([
    { file: "test/a.test.ts", title: "b c" },
    { file: "test/d.test.ts", title: "e" },
  ]);
  expect(hasTitle('it("works", () => {})', "work")).toBe(false);
});
