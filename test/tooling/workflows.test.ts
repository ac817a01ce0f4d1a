import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const FOLDER = join(import.meta.dirname, "../../.github/workflows");

function linesOf(file: string): string[] {
  return readFileSync(join(FOLDER, file), "utf8").split("\n");
}

/** The jobs of a workflow: names at an indentation of two below `jobs:`. */
function jobsIn(lines: readonly string[]): string[][] {
  const jobs: string[][] = [];
  for (const line of lines.slice(lines.indexOf("jobs:") + 1)) {
    if (/^ {2}[\w-]+:$/.test(line)) jobs.push([]);
    jobs.at(-1)?.push(line);
  }
  return jobs;
}

describe.each(readdirSync(FOLDER))("%s", (file) => {
  const lines = linesOf(file);

  test("pins every action by its commit, with the version beside it", () => {
    const used = lines.filter((line) => /^\s*(?:- )?uses:/.test(line));
    expect(used.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("may only read the repository, and leaves no token in the checkout", () => {
    expect(lines.join("\n")).toContain("\npermissions:\n  contents: read\n\n");
    const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
    expect(count(/persist-credentials: false/)).toBe(count(/uses: actions\/checkout@/));
  });

  test("ends every job after a bounded time", () => {
    const jobs = jobsIn(lines);
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs.filter((job) => !job.some((line) => /^ {4}timeout-minutes: \d+$/.test(line)))).toEqual([]);
  });

  test("runs only npm scripts that exist", () => {
    const names = [...lines.join("\n").matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(names.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });
});
