import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { RESTORE_USAGE, readRestoreOptions } from "./backup/options.mjs";
import { restore } from "./backup/restore.mjs";
import { runProgram } from "./deploy/deploy-error.mjs";

// Fills an empty gateway from a backup. docs/deploy.md describes it.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

await runProgram(async () => {
  const options = readRestoreOptions(process.argv.slice(2));
  if (options === null) console.log(RESTORE_USAGE);
  else await restore(ROOT, options, console.log);
});
