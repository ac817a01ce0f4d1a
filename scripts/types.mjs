import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Writes the types of the bindings. wrangler takes those of the objects from the built Worker, which is no TypeScript: the
// gateway calls its objects by `fetch` and needs none.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FILE = "src/worker-configuration.d.ts";

execFileSync("wrangler", ["types", "--include-runtime=false", "--strict-vars=false", FILE], {
  cwd: ROOT,
  stdio: ["ignore", "ignore", "inherit"],
});
const written = readFileSync(join(ROOT, FILE), "utf8");
const types = written
  .replaceAll(/DurableObjectNamespace<import\([^)]*\)\.\w+>/g, "DurableObjectNamespace")
  .replace(/\tinterface GlobalProps \{[^}]*\}\n/, "");
writeFileSync(join(ROOT, FILE), types);
