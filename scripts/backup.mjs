import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { backup } from "./backup/backup.mjs";
import { BACKUP_USAGE, readBackupOptions } from "./backup/options.mjs";
import { runProgram } from "./deploy/deploy-error.mjs";

// Saves the database and the objects of a gateway into a file. docs/deploy.md describes it.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

await runProgram(async () => {
  const options = readBackupOptions(process.argv.slice(2));
  if (options === null) console.log(BACKUP_USAGE);
  else await backup(ROOT, options, console.log);
});
