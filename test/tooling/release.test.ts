import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changelogFaults, newestRelease } from "../../scripts/release/changelog.mjs";
import manifest from "../../package.json" with { type: "json" };

// `npm run release` as a process, in a repository of its own.

const ROOT = join(import.meta.dirname, "../..");
const COPIED = [
  "scripts",
  "package.json",
  "package-lock.json",
  "CHANGELOG.md",
  "src/api/openapi/document.json",
  "test/api/openapi/released.json",
];
const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
const TODAY = new Date().toISOString().slice(0, 10);
const AUTHOR = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];

let folder = "";

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("git", [...AUTHOR, ...args], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function release(...args: readonly string[]) {
  const env = { ...process.env, GIT_COMMITTER_NAME: "Ann", GIT_COMMITTER_EMAIL: "ann@example.com" };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/release.mjs", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function change(path: string, edit: (text: string) => string): void {
  const file = join(folder, path);
  writeFileSync(file, edit(readFileSync(file, "utf8")));
}

function commit(): void {
  git("add", "--all");
  git("commit", "--quiet", "--message", "a change");
}

/** The changelog with one release that is of today. */
function dated(text: string): string {
  const [head = "", ...rest] = text.split(/^## /m);
  const section = rest.find((each) => each.startsWith(`${manifest.version} - `)) ?? "";
  return `${head}## Unreleased\n\n## ${section.replace(/^(\S+ - )\S+/, `$1${TODAY}`)}`;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hookgate-release-"));
  for (const path of COPIED) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  cpSync(join(folder, "src/api/openapi/document.json"), join(folder, "test/api/openapi/released.json"));
  change("CHANGELOG.md", dated);
  // The tests of the documents run by themselves.
  change("package.json", (text) => text.replace(/"test:docs": "[^"]*"/, '"test:docs": "node -e 0"'));
  git("init", "--quiet", "--initial-branch=main");
  commit();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("npm run release", () => {
  test("creates an annotated tag with the section of the changelog, and pushes nothing", () => {
    const { status, stdout, stderr } = release();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const tag = `v${manifest.version}`;
    expect(stdout).toContain(`git push origin HEAD ${tag}`);
    expect(git("cat-file", "-t", tag)).toBe("tag\n");
    const text = git("tag", "--list", tag, "--format=%(contents)");
    expect(text).toContain(`Hookgate ${manifest.version}\n\n`);
    expect(text).toContain("\n### Added\n");
    expect(text).not.toContain("Unreleased");
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining(`The tag ${tag} exists`) });
  });

  test("creates nothing in a dry run, and shows the text", () => {
    const { status, stdout } = release("--dry-run");
    expect(status).toBe(0);
    expect(stdout).toContain("### Added");
    expect(git("tag", "--list")).toBe("");
  });

  test("names all that keeps the checkout from being released", () => {
    change("package.json", (text) => text.replace(`"version": "${manifest.version}"`, '"version": "9.8.7"'));
    change("test/api/openapi/released.json", (text) => text.replace('"paths"', '"pats"'));
    const { status, stderr } = release();
    expect(status).toBe(1);
    for (const fault of [
      "These files are not committed",
      "package-lock.json has another version",
      "The OpenAPI document has another version",
      "The API of the release is not recorded",
      `The newest section is ${manifest.version}, but package.json has 9.8.7.`,
      "Nothing was changed.",
    ])
      expect(stderr).toContain(fault);
    expect(git("tag", "--list")).toBe("");
  });

  test("creates no tag if the tests of the documents fail", () => {
    change("package.json", (text) => text.replace('"node -e 0"', "\"node -e 'process.exit(1)'\""));
    commit();
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining("The tests of the documents fail.") });
    expect(git("tag", "--list")).toBe("");
  });

  test("refuses an unknown option", () => {
    expect(release("--push")).toMatchObject({ status: 64, stderr: expect.stringContaining("Usage") });
  });
});

describe("the changelog", () => {
  const NOW = Date.parse("2026-11-29T12:00:00Z");
  const text =
    "# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-11-29\n\n### Added\n\n- A.\n\n## 1.2.2 - 2026-11-01\n\n- B.\n";

  test("of this version can be released, but for its date and lines of the next one", () => {
    const found = newestRelease(changelog);
    expect(found?.version).toBe(manifest.version);
    const ofItsDay = changelogFaults(dated(changelog), manifest.version, Date.now());
    expect(ofItsDay).toEqual([]);
  });

  test("gives the newest release", () => {
    expect(newestRelease(text)).toEqual({ version: "1.2.3", date: "2026-11-29", notes: "### Added\n\n- A." });
    expect(newestRelease("## Unreleased\n")).toBeNull();
    expect(changelogFaults(text, "1.2.3", NOW)).toEqual([]);
  });

  test.each([
    ["of another version", text.replace("1.2.3", "1.2.4"), "The newest section is 1.2.4"],
    ["without a date", text.replace(" - 2026-11-29", ""), "has no section"],
    ["with a date that is none", text.replace("2026-11-29", "2026-13-29"), "is not a date"],
    ["of the future", text.replace("2026-11-29", "2026-11-30"), "is in the future"],
    ["of long ago", text.replace("2026-11-29", "2026-11-20"), "set it to today"],
    ["with unreleased lines", text.replace("Unreleased\n", "Unreleased\n\n- C.\n"), "is not empty"],
    ["without a place for the next one", text.replace("## Unreleased\n", ""), "does not begin"],
    ["that is empty", text.replace("### Added\n\n- A.\n", ""), "is empty"],
    ["with a line twice", text.replace("- A.", "- A.\n- A."), "has a line twice"],
  ])("%s is refused", (_case, given, fault) => {
    expect(changelogFaults(given, "1.2.3", NOW).join("\n")).toContain(fault);
  });
});
