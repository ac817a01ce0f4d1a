import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, judge, knownVulnerabilities, namesOn } from "./licenses/audit.mjs";

// Asks for known vulnerabilities of the installed packages. Exits with 1 if a shipped one has a serious one.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

console.log("Asking npm's registry for known vulnerabilities.");
const found = await knownVulnerabilities(ROOT);
if (found === null) {
  console.error("npm's registry did not respond: nothing was checked. Run the command again with a network.");
  process.exitCode = 1;
} else {
  const { serious, others } = judge(found, namesOn(readFileSync(join(ROOT, "docs/licenses.md"), "utf8")));
  for (const each of others) console.log(`Not shipped, or not serious: ${describe(each)}`);
  for (const each of serious) console.error(`Shipped: ${describe(each)}`);
  console.log(
    serious.length === 0
      ? "No shipped package has a known vulnerability of severity high or critical."
      : "Update these packages, run npm run licenses, and release a correction.",
  );
  process.exitCode = serious.length === 0 ? 0 : 1;
}
