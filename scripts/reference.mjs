import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { logLines, withLogLines } from "./reference/log-lines.mjs";
import { presetPage, presetRow } from "./reference/preset-pages.mjs";

// Writes the parts of the reference that come from the code. What a line means stays as the page has it.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FILE = "docs/log-lines.md";

const page = withLogLines(readFileSync(join(ROOT, FILE), "utf8"), logLines(ROOT));
writeFileSync(join(ROOT, FILE), page);
const open = [...page.matchAll(/^\| `([\w.]+)` \|.*\|  \|$/gm)].map(([, event]) => event);
console.log(`Wrote ${FILE}.`);
if (open.length > 0) console.log(`Next: say in ${FILE} what these lines mean: ${open.join(", ")}`);

// Not imported by its name: these scripts are type-checked apart from the Worker.
const { CATALOGUE } = await import(String(new URL("../src/delivery/presets/catalogue/index.ts", import.meta.url)));
const PAYLOADS = "docs/payloads.md";
const ROW = /^\| \[`([\w-]+)`\]\(presets\//;
const rows = new Map();
for (const [name, data] of Object.entries(CATALOGUE)) {
  writeFileSync(join(ROOT, `docs/presets/${name}.md`), presetPage(name, data));
  rows.set(name, presetRow(name, data));
}
const lines = readFileSync(join(ROOT, PAYLOADS), "utf8").split("\n");
const first = lines.findIndex((line) => ROW.test(line));
for (const line of lines) {
  const name = ROW.exec(line)?.[1];
  if (name !== undefined && !rows.has(name)) rows.set(name, line);
}
const sorted = [...rows.keys()].toSorted((one, other) => (one < other ? -1 : 1)).map((name) => rows.get(name));
const others = lines.filter((line) => !ROW.test(line));
writeFileSync(join(ROOT, PAYLOADS), [...others.slice(0, first), ...sorted, ...others.slice(first)].join("\n"));
console.log(`Wrote ${PAYLOADS} and ${Object.keys(CATALOGUE).length} pages of docs/presets.`);
