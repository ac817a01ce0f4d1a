import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const TESTS = join(import.meta.dirname, "..");

/** Files that are about SQL, or that run outside workerd and open a database file. */
const WITH_SQL = [
  /^deploy\//,
  /^migrations\//,
  /^npm-start\//,
  /^tooling\//,
  /^pipeline\/poison\.test\.ts$/,
  /^storage\/events\/list-reads\.test\.ts$/,
  /^support\/(?:[a-z]+-database|bindings|schema|storage|table|turns)\.ts$/,
  /^support\/strict-platform\//,
];

/** A statement that is prepared, as against the preparation of a source. */
const PREPARES = /\b(?:DB|db|database|target)\s*\.prepare\(/;

test("tests read and write tables through test/support/tables.ts", () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const others = files.filter((path) => !WITH_SQL.some((pattern) => pattern.test(path)));
  expect(others.length).toBeGreaterThan(100);
  expect(others.filter((path) => PREPARES.test(readFileSync(join(TESTS, path), "utf8")))).toEqual([]);
});
