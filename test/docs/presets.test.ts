import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { presetPage, presetRow } from "../../scripts/reference/preset-pages.mjs";
import { CATALOGUE } from "../../src/delivery/presets/catalogue/index.ts";

const DOCS = join(import.meta.dirname, "../../docs");

test.each(Object.entries(CATALOGUE))(
  "the page of %s is that of its data: npm run reference writes it",
  (name, data) => {
    expect(readFileSync(join(DOCS, `presets/${name}.md`), "utf8")).toBe(presetPage(name, data));
    expect(readFileSync(join(DOCS, "payloads.md"), "utf8").split("\n")).toContain(presetRow(name, data));
  },
);
