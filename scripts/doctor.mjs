import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "./deploy/deploy-error.mjs";
import { examine } from "./deploy/doctor.mjs";
import { DOCTOR_USAGE, readDoctorOptions } from "./deploy/options.mjs";

// Checks a deployed gateway, and changes nothing that stays. docs/deploy.md describes it.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

await runProgram(async () => {
  const options = readDoctorOptions(process.argv.slice(2));
  if (options === null) console.log(DOCTOR_USAGE);
  else await examine(ROOT, options, console.log);
});
