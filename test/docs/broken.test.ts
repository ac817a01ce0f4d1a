import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { apiCalls, callFault, inputFault, syntaxFault, unsetVariables } from "./blocks.ts";
import {
  brokenLinks,
  brokenTables,
  missingPaths,
  unknownCommands,
  unknownEndpoints,
  unknownScripts,
  unknownVariables,
} from "./citations.ts";
import { PAGES, ROOT, blocksOf, textOf } from "./pages.ts";
import { pictureFaults } from "./pictures.ts";

// Each kind of fault, once in a copy of a page that has none: the checks of the documents find it, and nothing else.

type Check = (page: string, text: string) => readonly string[];

/** What the tests of the documents check on each page. */
const CHECKS = {
  paths: (_page, text) => missingPaths(text),
  scripts: (_page, text) => unknownScripts(text),
  links: brokenLinks,
  endpoints: (_page, text) => unknownEndpoints(text),
  commands: (_page, text) => unknownCommands(text),
  variables: (_page, text) => unknownVariables(text),
  tables: (_page, text) => brokenTables(text),
  syntax: (_page, text) => blocksOf(text).flatMap((block) => syntaxFault(block) ?? []),
  calls: (_page, text) =>
    blocksOf(text).flatMap(({ text: code }) => apiCalls(code).flatMap((call) => callFault(call) ?? [])),
  inputs: (_page, text) => blocksOf(text).flatMap((block) => inputFault(block) ?? []),
  "variables of scripts": (_page, text) => unsetVariables(text, blocksOf(text)),
} as const satisfies Record<string, Check>;

const checkNames = Object.keys(CHECKS).filter((name): name is keyof typeof CHECKS => Object.hasOwn(CHECKS, name));

/** The checks that fail on a page. A block that cannot be read stops the checks of its contents. */
function failing(page: string, text: string, only: keyof typeof CHECKS): string[] {
  const names = only === "syntax" ? checkNames.filter((name) => name !== "inputs") : checkNames;
  return names.filter((name) => CHECKS[name](page, text).length > 0);
}

/** The kind of fault, the check that must find it, the page, and what is replaced by what. */
const FAULTS: readonly (readonly [string, keyof typeof CHECKS, string, string, string])[] = [
  ["a path", "paths", "CONTRIBUTING.md", "`scripts/lint/plugin.mjs`", "`scripts/lint/plugins.mjs`"],
  ["an npm script", "scripts", "README.md", "npm run demo ", "npm run demos "],
  ["a command", "commands", "README.md", "npx hookgate routes create", "npx hookgate route create"],
  ["a flag", "commands", "README.md", '--destination "My server"', '--destinations "My server"'],
  ["a variable", "variables", "docs/scale.md", "`EVENT_ROW_BYTES`", "`EVENT_ROW_BYTE`"],
  ["a variable of a script", "variables of scripts", "docs/metrics.md", "$HOOKGATE_TOKEN", "$HOOKGATE_TOKENS"],
  ["an endpoint", "endpoints", "docs/operations.md", "`GET /api/v1/dead-letters`", "`GET /api/v1/dead-letter`"],
  ["a table", "tables", "docs/errors.md", "| `invalid_body` | 400 |", "| `invalid_body` |"],
  ["a link", "links", "docs/README.md", "(concepts.md)", "(concept.md)"],
  ["a heading", "links", "docs/metrics.md", "(operations.md#missing-messages)", "(operations.md#missing)"],
  ["a screenshot", "links", "README.md", "dashboard-event-light.webp", "dashboard-events-light.webp"],
  ["the text of a screenshot", "links", "README.md", '<img alt="The dashboard', '<img title="The dashboard'],
  ["a block of JSON", "syntax", "docs/errors.md", '"code": "invalid_body",', '"code": "invalid_body"'],
  [
    "a block of shell",
    "syntax",
    "docs/metrics.md",
    '"authorization: Bearer $HOOKGATE_TOKEN"',
    '"authorization: Bearer $HOOKGATE_TOKEN',
  ],
  ["a parameter of a call", "calls", "docs/metrics.md", "measure=delivered", "measures=delivered"],
  ["a field of a call", "calls", "docs/operations.md", '"dry_run":true', '"dry_runs":true'],
];

describe("the checks of the documents find a fault of", () => {
  test.each(FAULTS)("%s", (_kind, check, page, right, wrong) => {
    const text = textOf(page);
    expect(text).toContain(right);
    expect(failing(page, text, check)).toEqual([]);
    expect(failing(page, text.replace(right, wrong), check)).toEqual([check]);
  });

  test("an operator in a filter", () => {
    const page = "docs/cookbook.md";
    const broken = textOf(page).replace('"$in"', '"$within"');
    expect(broken).not.toBe(textOf(page));
    expect(failing(page, broken, "inputs")).toEqual(["inputs"]);
  });
});

describe("the pictures of the dashboard", () => {
  const folder = join(ROOT, "docs/images");
  const pages = PAGES.map(textOf);
  const pictures = readdirSync(folder)
    .filter((name) => name.startsWith("dashboard-"))
    .map((name) => ({ name, bytes: statSync(join(folder, name)).size }));

  test("are on a page, in both schemes, and small", () => {
    expect(pictures.length).toBeGreaterThan(5);
    expect(pictureFaults(pictures, pages)).toEqual([]);
  });

  test.each([
    ["that is missing in one scheme", pictures.slice(1), [/^dashboard-[\w-]+\.webp is missing$/]],
    [
      "that no page shows",
      [...pictures, { name: "dashboard-x.webp", bytes: 1 }],
      [/^no page shows dashboard-x\.webp$/],
    ],
    [
      "that is large",
      pictures.map((each, index) => (index === 0 ? { ...each, bytes: 200_000 } : each)),
      [/has 200000 bytes$/],
    ],
  ])("are refused with one %s", (_case, given, faults) => {
    expect(pictureFaults(given, pages)).toEqual(faults.map((fault) => expect.stringMatching(fault)));
  });
});
