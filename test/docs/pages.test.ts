import { describe, expect, test } from "vitest";
import {
  brokenLinks,
  brokenTables,
  missingPaths,
  unknownCommands,
  unknownEndpoints,
  unknownScripts,
  unknownVariables,
} from "./citations.ts";
import { PAGES, isAboutVendor, textOf } from "./pages.ts";

describe.each(PAGES)("%s", (page) => {
  const text = textOf(page);

  test("cites only paths and npm scripts that exist", () => {
    expect(missingPaths(text)).toEqual([]);
    expect(unknownScripts(text)).toEqual([]);
  });

  test("links only to pages, headings and images that exist", () => {
    expect(brokenLinks(page, text)).toEqual([]);
  });

  test("cites only endpoints, commands and variables that exist", () => {
    expect(unknownEndpoints(text)).toEqual([]);
    expect(unknownCommands(text)).toEqual([]);
    expect(isAboutVendor(page) ? [] : unknownVariables(text)).toEqual([]);
  });

  test("has whole tables", () => {
    expect(brokenTables(text)).toEqual([]);
  });
});

test("ARCHITECTURE.md takes no more than fifteen minutes to read", () => {
  expect(Buffer.byteLength(textOf("ARCHITECTURE.md"))).toBeLessThanOrEqual(16_000);
});

describe("a page is refused that cites", () => {
  test("a path or an npm script that does not exist", () => {
    const text =
      "Run `npm run nothing` or `npm ci && npm start`, see `src/none.ts` and `NONE.md`.\n\n```sh\nnpm run none\n```\n";
    expect(missingPaths(text)).toEqual(["src/none.ts", "NONE.md"]);
    expect(unknownScripts(text)).toEqual(["none", "nothing"]);
  });

  test("a page, a heading or an image that does not exist", () => {
    const text =
      "# Here\n[a](docs/none.md#there) [b](https://example.com) [c](#here) [d](#nowhere) [e](docs/README.md#none)\n";
    expect(brokenLinks("README.md", text)).toEqual(["docs/none.md#there", "#nowhere", "docs/README.md#none"]);
    expect(brokenLinks("README.md", '<source srcset="none.svg"><img src="LICENSE">\n![](LICENSE)')).toEqual([
      "none.svg",
      '<img src="LICENSE">',
      "![](LICENSE)",
    ]);
  });

  test("an endpoint that does not exist", () => {
    const text =
      "`POST /api/v1/routes`, `GET /events/evt_…?limit=1`, `PUT /events`, `GET /api/v1/none`, `GET /metrics`";
    expect(unknownEndpoints(text)).toEqual(["PUT /events", "GET /api/v1/none"]);
  });

  test("a command or a flag that does not exist", () => {
    const text =
      "`hookgate events list` `hookgate events none`\n\n```sh\nX=1 npx hookgate --profile a replay --status dead\nhookgate replay --none 1 | cat\n```\n";
    expect(unknownCommands(text)).toEqual([
      "hookgate replay --none 1: no flag --none",
      "hookgate events none: no command none",
    ]);
  });

  test("a variable that does not exist", () => {
    expect(unknownVariables("`RETRY_SCHEDULE` or `RETRY_SCHEDULES`, `LISTENERS`")).toEqual(["RETRY_SCHEDULES"]);
  });

  test("a table with a broken row", () => {
    expect(brokenTables("| a | b |\n| --- | --- |\n| `x|y` | z |\n| one |\n")).toEqual(["| one |"]);
  });
});
