import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { logLines, withLogLines } from "../../scripts/reference/log-lines.mjs";
import { EXIT } from "../../src/cli/report.ts";
import { PRESETS } from "../../src/delivery/presets/registry.ts";
import { isJsonObject } from "../../src/model/json.ts";
import { PROBLEM_STATUSES } from "../../src/net/problem-codes.ts";
import { RULE_SETS } from "../../src/sources/rules/sets/index.ts";
import { ROOT, textOf } from "./pages.ts";

// Names that the code has and the reference lacks, or the other way round.

/** The first cells of the tables below a heading, or of the whole page, without their marks. */
function namesIn(page: string, heading?: string): string[] {
  const part = heading === undefined ? page : (page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "");
  const cells = [...part.matchAll(/^\| ((?:`[^`|]+`(?:, )?)+)[^|]*\|/gm)];
  return cells.flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => ending.test(name));
}

describe("docs/variables.md", () => {
  const page = textOf("docs/variables.md");

  test("lists each variable of the gateway", () => {
    const settings = textOf("src/settings.ts");
    const inCode = [...settings.matchAll(/^ {6}([A-Z][A-Z_]+):/gm)].map(([, name = ""]) => name);
    expect(inCode.length).toBeGreaterThan(10);
    expect(namesIn(page, "The gateway").toSorted()).toEqual(inCode.toSorted());
  });

  test("has the values of wrangler.toml", () => {
    const { vars } = parseToml(textOf("wrangler.toml"));
    if (!isJsonObject(vars)) throw new Error("wrangler.toml has no [vars]");
    const rows = page.split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
    const deployed = Object.keys(vars).map((name) => [name, rows.find(([, first]) => first === `\`${name}\``)?.[4]]);
    expect(deployed).toEqual(Object.entries(vars).map(([name, value]) => [name, `\`${String(value)}\``]));
  });

  test("lists each binding of wrangler.toml and of the code", () => {
    const bound = [...textOf("wrangler.toml").matchAll(/^(?:binding|name) = "([A-Z_]+)"/gm)];
    const optional = [...textOf("src/platform/bindings.ts").matchAll(/bindingOf\(env, "([A-Z_]+)"\)/g)];
    const names = [...bound, ...optional].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(6);
    expect(names.filter((name) => !namesIn(page, "Bindings").includes(name))).toEqual([]);
  });

  /** Variables of the build, and of the tools that scripts run. */
  const NOT_OURS = [
    "TERM",
    "TMPDIR",
    "NODE_ENV",
    "VITEST",
    "WRANGLER_LOG",
    "WRANGLER_SEND_METRICS",
    "CLOUDFLARE_ENV",
    "FORCE_COLOR",
  ];

  test("lists each variable that the command line, the scripts and the tests read", () => {
    const texts = [
      ...filesIn("src/cli", /\.ts$/),
      ...filesIn("scripts", /^scripts\/(?!bench\/).*\.mjs$/),
      ...filesIn("test/runner", /\.ts$/),
      "vitest.config.ts",
    ].map(textOf);
    const read = texts.flatMap((text) => [
      ...[...text.matchAll(/\benv(?:\.|\["| \["|\?\.\[")([A-Z][A-Z_]+)/g)].map(([, name = ""]) => name),
      ...[...text.matchAll(/\{([^{}]*)\} = (?:process\.)?env\b/g)].flatMap(
        ([, names = ""]) => names.match(/[A-Z][A-Z_]+/g) ?? [],
      ),
    ]);
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter((name) => !NOT_OURS.includes(name) && !namesIn(page).includes(name))).toEqual([]);
  });
});

describe("docs/log-lines.md", () => {
  const page = textOf("docs/log-lines.md");
  const lines = logLines(ROOT);

  test("has each line of the code with its levels, its fields and a meaning", () => {
    expect(lines.length).toBeGreaterThan(50);
    expect(withLogLines(page, lines), "Run npm run reference.").toBe(page);
    expect(page).not.toMatch(/^\| `[\w.]+` \|.*\|  \|$/m);
  });

  test("would lack a line that is new, and have one that is gone", () => {
    const [first, ...others] = lines;
    if (first === undefined) throw new Error("There are no lines.");
    expect(withLogLines(page, others)).not.toBe(page);
    expect(withLogLines(page, [...lines, { ...first, event: "thing.happened" }])).toContain("| `thing.happened` |");
    expect(withLogLines(page, [{ ...first, fields: ["other"] }, ...others])).not.toBe(page);
  });
});

test("docs/metrics.md lists each metric with its labels", () => {
  const code = textOf("src/api/metrics/prometheus.ts");
  const metrics = [...code.matchAll(/"(hookgate_\w+)"/g)].map(([, name = ""]) => name);
  const rows = textOf("docs/metrics.md").matchAll(/^\| `(hookgate_\w+)` \|([^|]*)\|/gm);
  const listed = new Map([...rows].map(([, name = "", labels = ""]) => [name, labels.match(/\w+/g) ?? []]));
  expect([...listed.keys()]).toEqual(metrics);
  for (const [name, labels] of listed) {
    const call = code.slice(code.indexOf(`"${name}"`)).split(/\b(?:counter|gauge)\(/)[0] ?? "";
    const inCode = [...call.matchAll(/labels: \{ ([^}]*) \}/g)].flatMap(([, given = ""]) =>
      given.split(", ").map((label) => label.split(":")[0]),
    );
    expect(inCode, name).toEqual(labels);
  }
});

test("docs/cli.md lists each exit code", () => {
  const rows = [...textOf("docs/cli.md").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(rows).toEqual(Object.values(EXIT));
});

test("docs/errors.md lists each code", () => {
  const rows = [...textOf("docs/errors.md").matchAll(/^\| `(\w+)` \| \d{3} \|/gm)].map(([, code]) => code);
  expect(rows).toEqual(Object.keys(PROBLEM_STATUSES));
});

test("each rule set and each preset has a page that an index links", () => {
  const lacking = (folder: string, index: string, names: readonly string[]) =>
    names.filter((name) => {
      const pages = readdirSync(join(ROOT, folder));
      return (
        !pages.includes(`${name}.md`) ||
        !textOf(index).includes(`(${folder.replace("docs/", "")}/${name}.md)`.replace("sources/", ""))
      );
    });
  const names = [...RULE_SETS.keys()];
  expect(lacking("docs/sources", "docs/sources/README.md", names)).toEqual([]);
  expect(lacking("docs/presets", "docs/payloads.md", Object.keys(PRESETS))).toEqual([]);
});
