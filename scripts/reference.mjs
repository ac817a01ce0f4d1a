import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { logLines, withLogLines } from "./reference/log-lines.mjs";

// Writes the parts of the reference that come from the code. What a line means stays as the page has it.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FILE = "docs/log-lines.md";

const page = withLogLines(readFileSync(join(ROOT, FILE), "utf8"), logLines(ROOT));
writeFileSync(join(ROOT, FILE), page);
const open = [...page.matchAll(/^\| `([\w.]+)` \|.*\|  \|$/gm)].map(([, event]) => event);
console.log(`Wrote ${FILE}.`);
if (open.length > 0) console.log(`Next: say in ${FILE} what these lines mean: ${open.join(", ")}`);
