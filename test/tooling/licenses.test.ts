import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  describe as describeFinding,
  judge,
  knownVulnerabilities,
  namesOn,
  parseReport,
} from "../../scripts/licenses/audit.mjs";
import { ALLOWED, isAllowed } from "../../scripts/licenses/license.mjs";
import { listOf } from "../../scripts/licenses/list.mjs";
import { packageFolderOf } from "../../scripts/licenses/packages.mjs";
import { noticesOf, pageOf } from "../../scripts/licenses/render.mjs";
import { shippedPrograms } from "../../scripts/licenses/shipped.mjs";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/licenses.md"), "utf8");

/** The packages of the site as the page has them: test/docs/site.test.ts compares them with a build. */
const ofSite = page
  .split("\n")
  .filter((row) => row.endsWith("site of the documents |"))
  .map((row) => `node_modules/${namesOn(`| package |\n| --- |\n${row}`).join("")}`);

test("the list and the notices have what the builds contain, with licenses that may be shipped", async () => {
  const packages = listOf(ROOT, { ...(await shippedPrograms(ROOT)), "site of the documents": ofSite });
  expect(packages.filter(({ license }) => !isAllowed(license))).toEqual([]);
  const why = "Run npm run licenses, and commit what it writes.";
  expect(page, why).toBe(pageOf(packages, ALLOWED));
  expect(readFileSync(join(ROOT, "THIRD_PARTY_NOTICES.txt"), "utf8"), why).toBe(noticesOf(packages));
});

test.each([
  ["/a/node_modules/zod/v4/mini/index.js", "node_modules/zod"],
  ["node_modules/@a/b/c.css?x", "node_modules/@a/b"],
  ["/a/node_modules/a/node_modules/@b/c/d.js", "node_modules/a/node_modules/@b/c"],
  ["\0virtual:/a/node_modules/vue/x.js", "node_modules/vue"],
  ["src/index.ts", null],
])("the package of %s is %s", (file, folder) => {
  expect(packageFolderOf(file)).toBe(folder);
});

test.each([
  ["MIT", true],
  ["(MIT OR GPL-3.0-only)", true],
  ["MIT AND ISC", true],
  ["MIT AND GPL-3.0-only", false],
  ["AGPL-3.0-only", false],
  ["unknown", false],
])("the license %s may be shipped: %s", (license, may) => {
  expect(isAllowed(license)).toBe(may);
});

describe("known vulnerabilities", () => {
  const report = JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      zod: { name: "zod", severity: "high", via: [{ title: "Bad regular expression" }] },
      hono: { name: "hono", severity: "low", via: [{ title: "A warning" }] },
      vitest: { name: "vitest", severity: "critical", via: ["vite"] },
    },
  });

  test("are serious if they are high and in a shipped package", () => {
    const { serious, others } = judge(parseReport(report) ?? [], namesOn(page));
    expect(serious.map(describeFinding)).toEqual(["high: zod: Bad regular expression"]);
    expect(others.map(describeFinding)).toEqual(["low: hono: A warning", "critical: vitest: by vite"]);
  });

  test.each([["no JSON"], ['{"message":"405 Method Not Allowed"}'], [""]])("are unknown after %s", (output) => {
    expect(parseReport(output)).toBeNull();
  });

  test("of shipped packages are none that are serious", async ({ skip }) => {
    const found = await knownVulnerabilities(ROOT);
    if (found === null) skip("npm's registry did not respond: vulnerabilities were not checked.");
    const { serious } = judge(found ?? [], namesOn(page));
    expect(serious.map(describeFinding)).toEqual([]);
  });
});

test("the page names its packages", () => {
  expect(namesOn(page)).toContain("hono");
  expect(namesOn(page)).toContain("@cloudflare/kumo");
  // Beside the two rows of the head.
  expect(namesOn(page)).toHaveLength((page.match(/^\| /gm) ?? []).length - 2);
});
