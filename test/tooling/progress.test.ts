import { describe, expect, test } from "vitest";
import { Progress } from "../../scripts/progress.mjs";

const CLEAR = "\r\u001b[2K";

function streamOf(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe("the progress of a script", () => {
  test("is one line on a terminal, which is empty at the end", () => {
    const stream = streamOf(true);
    const progress = new Progress(stream, {});
    progress.step("Saving events", 20);
    progress.detail("12 rows");
    progress.step("Saving alerts");
    progress.end();
    progress.end();
    const shown = stream.written.map((text) => text.replace(/\b\d+ (of|s)\b/, "0 $1"));
    expect(shown).toEqual([
      `${CLEAR}Saving events · 0 of about 20 s`,
      `${CLEAR}Saving events · 12 rows · 0 of about 20 s`,
      CLEAR,
      `${CLEAR}Saving alerts · 0 s`,
      CLEAR,
    ]);
  });

  test("never wraps a line", () => {
    const stream = streamOf(true, 20);
    const progress = new Progress(stream, {});
    progress.step("Saving a table with a long name");
    progress.end();
    expect(stream.written[0]).toBe(`${CLEAR}Saving a table with`);
  });

  test.each([
    ["a file", streamOf(false), {}],
    ["continuous integration", streamOf(true), { CI: "true" }],
    ["a terminal that cannot move back", streamOf(true), { TERM: "dumb" }],
  ])("is a plain line for each step in %s", (_case, stream, env) => {
    const progress = new Progress(stream, env);
    progress.step("Saving events", 20);
    progress.detail("12 rows");
    progress.step("Saving alerts");
    progress.end();
    expect(stream.written).toEqual(["Saving events. This takes about 20 seconds.\n", "Saving alerts.\n"]);
  });
});
