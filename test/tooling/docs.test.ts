import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = ["src", "test", "scripts", "docs", ".ci"];
const MAX_BYTES_OF_PICTURE = 150 * 1_024;
const TWIN: Readonly<Record<string, string>> = { "-light.": "-dark.", "-dark.": "-light." };
const OWN_COMMANDS_OF_NPM = ["ci", "install", "pack", "version"];

function pagesIn(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}

const pages = [
  ".",
  ".github",
  "docs",
  "docs/contributing",
  "docs/decisions",
  "docs/destinations",
  "docs/presets",
  "docs/signatures",
  "docs/sources",
].flatMap(pagesIn);
const textOf = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/** What a page sets as code: blocks, and what stands between backticks. */
function codeIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  const spans = [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  return [...blocks, ...spans];
}

/** The paths of this project that a page cites: below one of its folders, or a file of the root by its name. */
function pathsIn(text: string): string[] {
  const words = codeIn(text).flatMap((code) => code.split(/[\s"'(),;]+/));
  return words
    .map((word) => word.replace(/^\.\//, "").replace(/[.:]+$/, ""))
    .filter((word) => !/[*<>{}$…]/.test(word))
    .filter((word) =>
      FOLDERS.includes(word.split("/")[0] ?? "") ? word.includes("/") : /^[\w.-]+\.(md|toml|sql)$/.test(word),
    );
}

function scriptsIn(text: string): string[] {
  const commands = codeIn(text).flatMap((code) => [...code.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*)/g)]);
  return commands.map(([, name = ""]) => name).filter((name) => !OWN_COMMANDS_OF_NPM.includes(name));
}

function linksIn(text: string): string[] {
  const prose = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const images = [...text.matchAll(/\bsrc(?:set)?="([^"]+)"/g)].map(([, target = ""]) => target);
  return [...prose, ...images]
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ""));
}

describe.each(pages)("%s", (page) => {
  test("cites only paths that exist", () => {
    expect(pathsIn(textOf(page)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("cites only npm commands that exist", () => {
    expect(scriptsIn(textOf(page)).filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });

  test("links only to pages and images that exist", () => {
    const folder = dirname(join(ROOT, page));
    expect(linksIn(textOf(page)).filter((target) => !existsSync(resolve(folder, target)))).toEqual([]);
  });
});

test("every picture of the dashboard is used, in both schemes, and small", () => {
  const folder = join(ROOT, "docs/images");
  const pictures = readdirSync(folder).filter((name) => name.startsWith("dashboard-"));
  const used = new Set(pages.flatMap((page) => linksIn(textOf(page))).map((target) => basename(target)));
  expect(pictures.filter((name) => !used.has(name))).toEqual([]);
  const twins = pictures.map((name) => name.replace(/-(?:light|dark)\./, (scheme) => TWIN[scheme] ?? scheme));
  expect(twins.toSorted()).toEqual(pictures.toSorted());
  expect(pictures.filter((name) => statSync(join(folder, name)).size > MAX_BYTES_OF_PICTURE)).toEqual([]);
});

test("ARCHITECTURE.md takes no more than fifteen minutes to read", () => {
  expect(Buffer.byteLength(textOf("ARCHITECTURE.md"))).toBeLessThanOrEqual(16_000);
});

test("a page that cites what does not exist is found out", () => {
  const page =
    "Run `npm run nothing` or `npm ci && npm start`, see `src/none.ts` and `NONE.md`.\n\n```sh\nnpm run none\n```\n";
  expect(pathsIn(page)).toEqual(["src/none.ts", "NONE.md"]);
  expect(scriptsIn(page)).toEqual(["none", "nothing", "start"]);
  expect(linksIn("[a](docs/none.md#there) [b](https://example.com) [c](#here)")).toEqual(["docs/none.md"]);
  expect(linksIn('<source srcset="none-dark.svg"><img src="none.svg">')).toEqual(["none-dark.svg", "none.svg"]);
});
