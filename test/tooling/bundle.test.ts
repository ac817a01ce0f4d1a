import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Module, type WorkerBuild, buildWorker, gzippedKb } from "../../scripts/build/worker.mjs";

const ROOT = join(import.meta.dirname, "../..");
const MAX_INGEST_KB = 190;
/** Far below the 3 MB of the Free plan. */
const MAX_KB = 600;
const SHOWN_INPUTS = 12;

type Meta = {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }>>;
};

const folder = mkdtempSync(join(tmpdir(), "hookgate-bundle-"));
let built: WorkerBuild;

beforeAll(async () => {
  built = await buildWorker(ROOT, folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The sources of modules, the largest first. */
function inputs(modules: readonly Module[]): [path: string, bytes: number][] {
  const { outputs }: Meta = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8"));
  const parts = Object.entries(outputs).filter(([name]) => modules.some(({ path }) => name.endsWith(`/${path}`)));
  return parts
    .flatMap(([, output]) => Object.entries(output.inputs))
    .map(([path, { bytesInOutput }]): [string, number] => [path, bytesInOutput])
    .toSorted(([, one], [, other]) => other - one);
}

function largest(modules: readonly Module[]): string {
  const lines = inputs(modules).slice(0, SHOWN_INPUTS);
  return `The largest inputs:\n${lines.map(([path, bytes]) => `${(bytes / 1024).toFixed(1)} KB ${path}`).join("\n")}`;
}

test(`what is evaluated before the first webhook is answered takes at most ${MAX_INGEST_KB} KB, gzipped`, () => {
  expect(gzippedKb(built.ingest), largest(built.ingest)).toBeLessThanOrEqual(MAX_INGEST_KB);
});

test(`what is uploaded takes less than ${MAX_KB} KB, gzipped`, () => {
  expect(gzippedKb(built.modules), largest(built.modules)).toBeLessThan(MAX_KB);
});

describe("before the first webhook is answered, the runtime evaluates", () => {
  const of = (part: string) => inputs(built.ingest).filter(([path]) => path.startsWith(part));

  test("the entry, ingest and sources", () => {
    expect(built.ingest[0]?.path).toBe("index.js");
    for (const part of ["src/index.ts", "src/ingest/", "src/sources/"]) expect(of(part)).not.toEqual([]);
  });

  test("no rule set: there are many, and an integration uses one", () => {
    const sets = of("src/sources/rules/sets/").map(([path]) => path);
    expect(sets).toEqual(["src/sources/rules/sets/rule-set.ts"]);
  });

  test.each(["src/api/", "src/maintenance/"])("nothing of %s", (part) => {
    expect(of(part)).toEqual([]);
    expect(inputs(built.modules).some(([path]) => path.startsWith(part))).toBe(true);
  });
});

test("of zod there is no more than zod/mini and English, beside the copy of the MCP library", () => {
  const paths = inputs(built.modules)
    .map(([path]) => path)
    .filter((path) => !path.endsWith("?copy"));
  expect(paths.some((path) => path.includes("zod/v4/mini/"))).toBe(true);
  expect(paths.filter((path) => /zod\/v4\/(classic\/|locales\/(?!en\.js|index\.js))/.test(path))).toEqual([]);
});

test("wrangler builds and uploads the same modules", () => {
  const outdir = join(folder, "wrangler");
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", BUILD_WITHOUT_DOCS: "true" };
  execFileSync(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", outdir], { cwd: ROOT, env });
  for (const { path, contents } of built.modules) expect(readFileSync(join(outdir, path), "utf8")).toBe(contents);
  const uploaded = readdirSync(outdir).filter((name) => name.endsWith(".js"));
  expect(uploaded.toSorted()).toEqual(built.modules.map(({ path }) => path).toSorted());
});
