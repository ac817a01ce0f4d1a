import { spawnSync } from "node:child_process";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

// test/api/endpoint.test.ts marks each mistake with @ts-expect-error. This test shows that the type check itself fails.

const ROOT = join(import.meta.dirname, "../..");

function sample(properties: string): string {
  return `
import * as z from "zod/mini";
import { endpoint, returns } from "${ROOT}/src/api/endpoint.ts";

const thing = z.strictObject({ id: z.string() });
export const get = endpoint({
  id: "things.get",
  method: "GET",
  path: "/things/{id}",
  summary: "Get a thing",
  ${properties}
}).handle(async ({ id }) => ({ status: 200, body: { id } }));
export { thing, returns };
`;
}

/** Runs the type check of this project on one more file, and returns what it reports. */
function typeCheck(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-types-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "sample.ts"), source);
  const files = ["sample.ts", join(ROOT, "src/worker-configuration.d.ts")];
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: join(ROOT, "tsconfig.json"), files, include: [], exclude: [] }),
  );
  const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
  return stdout;
}

test("a complete declaration passes the type check", () => {
  expect(typeCheck(sample('scope: "read", answers: { 200: returns(thing, "The thing.") },'))).toBe("");
});

test("a declaration without a scope fails the type check", () => {
  expect(typeCheck(sample('answers: { 200: returns(thing, "The thing.") },'))).toContain("'scope' is missing");
});

test("a declaration without answers fails the type check", () => {
  expect(typeCheck(sample('scope: "read",'))).toContain("'answers' is missing");
});
