import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// Runs every generator in one copy of the tree, checks it once and runs what was generated. The linter gets what was written only:
// it takes half a minute for everything.

const ROOT = join(import.meta.dirname, "../..");
const LEFT_OUT = new Set([".git", ".hookgate", ".wrangler", "bin", "build", "dist", "node_modules"]);
const MINUTES = 60_000;

/** A module of each kind with its main file and its tests. */
const KINDS = [
  [
    "scheme",
    "acme-sign",
    "src/signing/schemes/acme-sign.ts",
    ["test/signing/schemes", "test/signing/scheme-docs.test.ts"],
  ],
  [
    "provider",
    "acme-worker",
    "src/delivery/providers/acme-worker.ts",
    ["test/delivery/providers/acme-worker.test.ts", "test/delivery/providers/registry.test.ts"],
  ],
  [
    "source",
    "acmewatch",
    "src/sources/acmewatch/acmewatch.ts",
    ["test/sources/acmewatch", "test/sources/registry.test.ts"],
  ],
  [
    "preset",
    "acme-chat",
    "src/delivery/presets/acme-chat.ts",
    ["test/delivery/presets/acme-chat.test.ts", "test/delivery/presets/fixtures.test.ts"],
  ],
  ["rule-set", "acmemonitor", "src/sources/rules/sets/acmemonitor.ts", ["test/sources/rules/sets"]],
] as const;

/** What the generators wrote or changed. */
const written = new Set<string>();
let copy = "";

type Ran = { readonly status: number | null; readonly output: string };

function run(command: string, ...args: readonly string[]): Ran {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_ENV|TEST_)/.test(name)),
  );
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, env, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

const generate = (...args: readonly string[]): Ran => run(process.execPath, "scripts/new.mjs", ...args);

function filesIn(folder: string): string[] {
  return readdirSync(join(copy, folder), { recursive: true, encoding: "utf8" }).toSorted();
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "hookgate-new-"));
  for (const name of readdirSync(ROOT).filter((each) => !LEFT_OUT.has(each))) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("npm run new", () => {
  test("lists the kinds", () => {
    const { status, output } = generate("--help");
    expect(status).toBe(0);
    for (const [kind] of KINDS) expect(output).toContain(`${kind} NAME`);
  });

  test.each([
    [[], "A kind and a name are required."],
    [["scheme"], "A kind and a name are required."],
    [["widget", "acme"], '"widget" is not a kind.'],
    [["scheme", "Acme"], '"Acme" is not a name'],
    [["scheme", "../acme"], "is not a name"],
    [["scheme", "-acme"], "Unknown option"],
    [["preset", "acme--chat"], "is not a name"],
    [["preset", "a".repeat(41)], "is not a name"],
    [["source", "class"], "is a reserved word of JavaScript"],
    [["rule-set", "acme-monitor"], "A rule set has a name without hyphens"],
    [["scheme", "github"], "src/signing/schemes/github.ts"],
    [["scheme", "registry"], "exists already. Nothing was written."],
    [["source", "reading"], "src/sources/reading exists already"],
    [["source", "catch"], "is a reserved word"],
  ])("refuses %j and writes nothing", (args, message) => {
    const before = [...filesIn("src"), ...filesIn("test"), ...filesIn("docs")];
    const { status, output } = generate(...args);
    expect(status).toBe(1);
    expect(output).toContain(message);
    expect([...filesIn("src"), ...filesIn("test"), ...filesIn("docs")]).toEqual(before);
  });
});

describe("what the generators write", () => {
  test.each(KINDS)("a %s is written and says what is next", (kind, name, file) => {
    const { status, output } = generate(kind, name);
    expect(output).toContain(`Wrote ${file}`);
    expect(output).toContain(`docs/contributing/${kind}.md`);
    expect(status).toBe(0);
    const paths = [...output.matchAll(/^(?:Wrote|Added a line to) (.+)$/gm)].map(([, path = ""]) => path);
    expect(paths.filter((path) => !existsSync(join(copy, path)))).toEqual([]);
    for (const path of paths) written.add(path);
  });

  test.each(KINDS)("a %s is not written twice", (kind, name, file) => {
    const before = readFileSync(join(copy, file), "utf8");
    expect(generate(kind, name)).toMatchObject({ status: 1 });
    expect(readFileSync(join(copy, file), "utf8")).toBe(before);
  });

  test("is in the OpenAPI document and in the client", { timeout: 10 * MINUTES }, () => {
    for (const script of ["openapi", "client"]) {
      const { status, output } = run("npm", "run", "--silent", script);
      expect(status, output).toBe(0);
    }
    const document = readFileSync(join(copy, "src/api/openapi/document.json"), "utf8");
    const named = ["acme-sign", "acme-worker", "acmewatch", "acme-chat", "AcmeWorkerOptions", "AcmewatchOptions"];
    expect(named.filter((name) => !document.includes(`${name}"`))).toEqual([]);
  });

  test.each(["check:format", "check:types", "check:unused"])(
    "passes npm run %s",
    { timeout: 10 * MINUTES },
    (script) => {
      const { status, output } = run("npm", "run", "--silent", script);
      expect(status, output).toBe(0);
    },
  );

  test("passes the linter", { timeout: 10 * MINUTES }, () => {
    const paths = [...written].filter((path) => path.endsWith(".ts"));
    expect(paths.length).toBeGreaterThan(2 * KINDS.length);
    const { status, output } = run(join(copy, "node_modules/.bin/oxlint"), ...paths);
    expect(status, output).toBe(0);
  });

  test("passes its tests", { timeout: 10 * MINUTES }, () => {
    const files = KINDS.flatMap(([, , , tests]) => tests);
    const { status, output } = run(join(copy, "node_modules/.bin/vitest"), "run", ...files);
    expect(status, output).toBe(0);
  });
});
