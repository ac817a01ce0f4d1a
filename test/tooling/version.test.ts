import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import document from "../../src/api/openapi/document.json" with { type: "json" };
import { createProgram } from "../../src/cli/program.ts";
import { USER_AGENT } from "../../src/delivery/request/sender-headers.ts";
import lock from "../../package-lock.json" with { type: "json" };

// package.json has the version. All that shows it takes it from there.

const { version } = manifest;
const ROOT = join(import.meta.dirname, "../..");

/** Shows the version, and imports it. */
const IMPORTERS = [
  "src/api/openapi/build.ts",
  "src/cli/program.ts",
  "src/cli/commands/send.ts",
  "src/dashboard/settings/about.tsx",
  "src/delivery/request/sender-headers.ts",
];

describe("the version of package.json", () => {
  test("is that of the lock file, the API and the command line, and stands in the user agent", () => {
    expect({
      lock: [lock.version, lock.packages[""].version],
      api: document.info.version,
      command: createProgram().version(),
      user_agent: USER_AGENT,
    }).toEqual({ lock: [version, version], api: version, command: version, user_agent: `Hookgate/${version}` });
  });

  test.each(IMPORTERS)("is imported by %s, which has no copy of it", (file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    expect(text).toMatch(/from "(?:\.\.\/)+package\.json"/);
    expect(text).not.toContain(`"${version}"`);
  });
});
