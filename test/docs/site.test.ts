import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildDocs } from "../../scripts/docs/build.mjs";
import { readPages, sectionsOf } from "../../scripts/docs/contents.mjs";
import { listOf } from "../../scripts/licenses/list.mjs";
import { DOCS_FOLDER, readDocsStamp } from "../../scripts/docs/stamp.mjs";
import { buildSite } from "./built.ts";
import { ROOT } from "./pages.ts";

// A copy of the build of this project, which other tests use, too.
const root = mkdtempSync(join(tmpdir(), "hookgate-docs-"));
const site = join(root, DOCS_FOLDER);

beforeAll(async () => {
  const top = readdirSync(ROOT).filter((name) => name.endsWith(".md") || /^package.*\.json$/.test(name));
  await buildSite();
  for (const path of ["docs", "scripts", "LICENSE", DOCS_FOLDER, `${DOCS_FOLDER}.json`, ...top])
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
}, 600_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const htmlFiles = () =>
  readdirSync(site, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
const read = (name: string) => readFileSync(join(site, name), "utf8");

test("each page is there as a page and as Markdown, and in the navigation and llms.txt", () => {
  const pages = readPages(ROOT);
  const missing = pages.filter(
    ({ address }) => !existsSync(join(site, `${address}.html`)) || !existsSync(join(site, `${address}.md`)),
  );
  expect(missing.map(({ file }) => file)).toEqual([]);
  const listed = sectionsOf(pages).flatMap((section) => section.pages.map(({ address }) => address));
  expect(listed.toSorted()).toEqual(
    pages
      .map(({ address }) => address)
      .filter((address) => address !== "index")
      .toSorted(),
  );
  const [short, full] = [read("llms.txt"), read("llms-full.txt")];
  for (const address of listed) expect(short).toContain(`(/docs/${address}.md)`);
  expect(full).toContain("# Cookbook\n");
});

test("nothing is inline but scripts whose hash the headers have", () => {
  const { headers = "" } = readDocsStamp(root) ?? {};
  for (const name of htmlFiles()) {
    const html = read(name);
    expect(html, name).not.toMatch(/<style|<[^>]+\sstyle=|<[^>]+\son\w+=/);
    for (const [, code = ""] of html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)) {
      expect(headers).toContain(`'sha256-${createHash("sha256").update(code).digest("base64")}'`);
    }
  }
  expect(headers.split("\n").every((line) => line.length < 2_000)).toBe(true);
});

test("what stands between braces is shown as it is written", () => {
  expect(read("templates.html").replaceAll(/<[^>]+>/g, "")).toContain("{{ … }}");
});

test("the packages in it are in the list of licenses", () => {
  const rows = readFileSync(join(ROOT, "docs/licenses.md"), "utf8").split("\n");
  const listed = listOf(ROOT, { "site of the documents": readDocsStamp(root)?.packages ?? [] });
  expect(listed.length).toBeGreaterThan(5);
  const inSite = rows.filter(
    (row) => row.endsWith("| site of the documents |") || row.includes(", site of the documents |"),
  );
  expect(inSite.map((row) => /^\| \[?([^\]|]+)\]?[^|]*\| ([^ |]+) /.exec(row)?.slice(1, 3).join(" "))).toEqual(
    listed.map(({ name, version }) => `${name} ${version}`),
  );
});

test("a second build of the same pages does nothing", async () => {
  expect(await buildDocs(root)).toBe("unchanged");
  expect(readdirSync(join(root, "build")).toSorted()).toEqual(["docs", "docs.json"]);
});
