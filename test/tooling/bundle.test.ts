import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleMinified } from "../../scripts/bench/build.mjs";

const ROOT = join(import.meta.dirname, "../..");
const MAX_KB = 250;
const INPUTS_TOLD = 12;

type Meta = {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }>>;
};

const folder = mkdtempSync(join(tmpdir(), "hookgate-bundle-"));
const META = "bundle-meta.json";

/** The files that `wrangler deploy` would upload: all that it writes but notes and source maps. */
function uploaded(): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter(
    (file) => !file.endsWith(".map") && ![META, "README.md"].some((name) => file === join(folder, name)),
  );
}

function gzippedKb(): number {
  return uploaded().reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) / 1024;
}

/** What the bundle is made of, the largest first. */
function inputs(): [path: string, bytes: number][] {
  const { outputs }: Meta = JSON.parse(readFileSync(join(folder, META), "utf8"));
  const all = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return all
    .map(([path, { bytesInOutput }]): [string, number] => [path, bytesInOutput])
    .toSorted(([, one], [, other]) => other - one);
}

beforeAll(async () => {
  await bundleMinified(ROOT, folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test(`what is uploaded takes less than ${MAX_KB} KB, gzipped`, () => {
  const largest = inputs().slice(0, INPUTS_TOLD);
  const told = largest.map(([path, bytes]) => `${(bytes / 1024).toFixed(1)} KB ${path}`).join("\n");
  expect(gzippedKb(), `The largest inputs, minified:\n${told}`).toBeLessThan(MAX_KB);
});

test("a module beside the bundle counts", () => {
  const before = gzippedKb();
  const beside = join(folder, "beside.wasm");
  writeFileSync(beside, crypto.getRandomValues(new Uint8Array(50 * 1024)));
  expect(gzippedKb() - before).toBeGreaterThan(49);
  rmSync(beside);
});

test("what it is made of is told, and is of zod no more than zod/mini and English", () => {
  const paths = inputs().map(([path]) => path);
  expect(paths).toContain("src/index.ts");
  expect(paths.some((path) => path.includes("zod/v4/mini/"))).toBe(true);
  expect(paths.filter((path) => /zod\/v4\/(classic\/|locales\/(?!en\.js|index\.js))/.test(path))).toEqual([]);
});
