import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "./deploy/deploy-error.mjs";
import { deploy } from "./deploy/deploy.mjs";
import { USAGE, readOptions } from "./deploy/options.mjs";

// Deploys a gateway into a Cloudflare account, or upgrades it. docs/deploy.md describes it.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

await runProgram(async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else await deploy(ROOT, options, console.log);
});
