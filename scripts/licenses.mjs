import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ALLOWED, isAllowed } from "./licenses/license.mjs";
import { listOf } from "./licenses/list.mjs";
import { noticesOf, pageOf } from "./licenses/render.mjs";
import { shipped } from "./licenses/shipped.mjs";

// Writes the list of the packages that are shipped, and the texts of their licenses.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

console.log("Building the Worker, the dashboard, the command line and the documents. This takes about a minute.");
const packages = listOf(ROOT, await shipped(ROOT));
writeFileSync(join(ROOT, "docs/licenses.md"), pageOf(packages, ALLOWED));
writeFileSync(join(ROOT, "THIRD_PARTY_NOTICES.txt"), noticesOf(packages));
console.log(`Wrote docs/licenses.md and THIRD_PARTY_NOTICES.txt: ${packages.length} packages.`);
const refused = packages.filter(({ license }) => !isAllowed(license));
for (const { name, license } of refused) console.error(`${name} has the license ${license}, which is not allowed.`);
process.exitCode = refused.length === 0 ? 0 : 1;
