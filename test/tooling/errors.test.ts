import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROBLEM_STATUSES } from "../../src/net/problem-codes.ts";
import { PROBLEM_TEXTS } from "../../src/net/problem-texts.ts";

const ROW = /^\| `(\w+)` \| (\d{3}) \| (.+?) \| (.+?) \|$/gm;

test("docs/errors.md lists every code with its status, its title and what to do, in the order of the list", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/errors.md"), "utf8");
  const rows = [...page.matchAll(ROW)].map(([, ...cells]) => cells);
  const texts = new Map(Object.entries(PROBLEM_TEXTS));
  const codes = Object.entries(PROBLEM_STATUSES).map(([code, status]) => {
    const text = texts.get(code);
    return [code, String(status), text?.title, text?.advice];
  });
  expect(rows).toEqual(codes);
});
