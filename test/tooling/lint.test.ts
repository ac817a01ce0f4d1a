import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import config from "../../.oxlintrc.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../..");

type Diagnostic = { readonly code: string; readonly message: string; readonly filename: string };

/** Runs the project's linter over a tree of its own, and answers the rules that were broken. */
function lint(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-lint-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of [".oxlintrc.json", "tsconfig.json"]) cpSync(join(ROOT, name), join(folder, name));
  for (const name of ["node_modules", "scripts"]) symlinkSync(join(ROOT, name), join(folder, name));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const oxlint = join(ROOT, "node_modules/.bin/oxlint");
  const { stdout } = spawnSync(oxlint, ["--format", "json", "src"], { cwd: folder, encoding: "utf8" });
  const { diagnostics }: { diagnostics: Diagnostic[] } = JSON.parse(stdout);
  return diagnostics.map(({ code, filename }) => `${code} ${filename}`);
}

const STORAGE = { "src/storage/rows.ts": "export const rows = 1;\nexport type Row = number;\n" };

describe("the linter refuses", () => {
  test.each([
    ["a value from a layer above", 'import { rows } from "../storage/rows.ts";\nexport const count = rows;\n'],
    ["a type from a layer above", 'import type { Row } from "../storage/rows.ts";\nexport type Count = Row;\n'],
    ["a re-export from a layer above", 'export { rows } from "../storage/rows.ts";\n'],
    ["a type by its path", 'export type Count = import("../storage/rows.ts").Row;\n'],
    ["a module that is loaded late", 'export const load = () => import("../storage/rows.ts");\n'],
    ["something outside src", 'import { x } from "../../scripts/lint/plugin.mjs";\nexport const y: unknown = x;\n'],
  ])("%s", (_, text) => {
    expect(lint({ ...STORAGE, "src/model/count.ts": text })).toContain("hookgate(layers) src/model/count.ts");
  });

  test("one file of a folder that may not be imported", () => {
    const broken = lint({
      "src/net/url-guard.ts": "export const guard = 1;\n",
      "src/delivery/request/send.ts": "export const send = 1;\n",
      "src/oauth/open.ts": 'import { guard } from "../net/url-guard.ts";\nexport const a = guard;\n',
      "src/oauth/closed.ts": 'import { send } from "../delivery/request/send.ts";\nexport const b = send;\n',
    });
    expect(broken).toEqual(["hookgate(layers) src/oauth/closed.ts"]);
  });

  test("the table of layers names whole folders only", () => {
    const names = Object.entries(config.rules["hookgate/layers"][1] ?? {}).flatMap(([folder, may]) => [folder, ...may]);
    expect(names.filter((name) => name.includes("/"))).toEqual([]);
  });

  test("a folder that is not in the table", () => {
    const text = 'import { rows } from "../storage/rows.ts";\nexport const count = rows;\n';
    expect(lint({ ...STORAGE, "src/utils/count.ts": text })).toEqual(["hookgate(layers) src/utils/count.ts"]);
  });

  test.each([
    ["Date.now", "Date.now()", "eslint(no-restricted-properties)"],
    ["new Date without a time", "new Date().getTime()", "hookgate(no-clock)"],
    ["Math.random", "Math.random()", "eslint(no-restricted-properties)"],
    ["random bytes", "crypto.getRandomValues(new Uint8Array(1))", "eslint(no-restricted-properties)"],
    ["fetch", 'fetch("https://example.com")', "eslint(no-restricted-globals)"],
    ["crypto.randomUUID", "crypto.randomUUID()", "eslint(no-restricted-properties)"],
  ])("%s in each pure folder", (_, expression, rule) => {
    const text = `export const impure: unknown = ${expression};\n`;
    const folders = ["model", "sources", "filters", "templates", "alerts", "routing", "signing"];
    const broken = lint(Object.fromEntries(folders.map((folder) => [`src/${folder}/impure.ts`, text])));
    expect(broken.toSorted()).toEqual(folders.map((folder) => `${rule} src/${folder}/impure.ts`).toSorted());
  });

  test.each([
    ["as", "export const x = JSON.parse('1') as number;", "typescript(consistent-type-assertions)"],
    ["!", "export const x = (y?: number) => y!;", "typescript(no-non-null-assertion)"],
    ["any", "export const x = (y: any) => String(y);", "typescript(no-explicit-any)"],
    ["console", 'console.log("x");', "eslint(no-console)"],
    ["a default export", "export default 1;", "import(no-default-export)"],
    ["a promise that nothing waits for", "Promise.resolve(1).then(String);", "typescript(no-floating-promises)"],
    [
      "a forgotten case",
      'export function f(x: "a" | "b"): void {\n  switch (x) {\n    case "a":\n      break;\n  }\n}',
      "typescript(switch-exhaustiveness-check)",
    ],
    [
      "a default over a closed vocabulary",
      'export function f(x: "a"): number {\n  switch (x) {\n    case "a":\n      return 1;\n    default:\n      return 2;\n  }\n}',
      "typescript(switch-exhaustiveness-check)",
    ],
    [
      "statements of SQL outside storage",
      "export type Make = () => D1PreparedStatement;",
      "typescript(no-restricted-types)",
    ],
  ])("%s", (_, text, rule) => {
    expect(lint({ "src/pipeline/x.ts": `${text}\n` })).toContain(`${rule} src/pipeline/x.ts`);
  });

  test("a cycle of imports", () => {
    const broken = lint({
      "src/model/a.ts": 'import { b } from "./b.ts";\nexport const a = (): number => b();\n',
      "src/model/b.ts": 'import { a } from "./a.ts";\nexport const b = (): number => a();\n',
    });
    expect(broken).toContain("import(no-cycle) src/model/a.ts");
  });
});

test("the linter accepts what the table allows", () => {
  const broken = lint({
    "src/model/ids.ts": "export const at = (ms: number): Date => new Date(ms);\nexport const LIST = [1] as const;\n",
    "src/storage/rows.ts": 'import { at } from "../model/ids.ts";\nexport const rows = at;\n',
    "src/index.ts": 'import { rows } from "./storage/rows.ts";\nexport default { rows };\n',
  });
  expect(broken).toEqual([]);
});

test("every folder and file of src is in the table of layers, and the table names nothing else", () => {
  const table = config.rules["hookgate/layers"][1];
  const inSource = readdirSync(join(ROOT, "src")).filter((name) => !name.endsWith(".d.ts"));
  expect(Object.keys(table ?? {}).toSorted()).toEqual(inSource.map((name) => name.replace(/\.ts$/, "")).toSorted());
});
