import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "./deploy/deploy-error.mjs";
import { destroy } from "./deploy/destroy.mjs";
import { DESTROY_USAGE, readDestroyOptions } from "./deploy/options.mjs";

// Deletes a gateway from a Cloudflare account, with its data. docs/deploy.md describes it.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

await runProgram(async () => {
  const options = readDestroyOptions(process.argv.slice(2));
  if (options === null) console.log(DESTROY_USAGE);
  else await destroy(ROOT, options, console.log);
});
