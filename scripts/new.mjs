import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NewError } from "./new/new-error.mjs";
import { KINDS, USAGE, readOptions } from "./new/options.mjs";
import { apply } from "./new/plan.mjs";

// Adds a signature scheme, provider, source, preset or rule set. docs/contributing/ describes what to fill in.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Formats new files: where lines break depends on the length of the name.
 * @param {string[]} files
 */
function format(files) {
  const code = files.filter((path) => !path.endsWith(".md"));
  const { status } = spawnSync(join(ROOT, "node_modules/.bin/oxfmt"), code, { cwd: ROOT });
  if (status !== 0) console.log("The files could not be formatted: run npm ci, then npm run format.");
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    console.log(USAGE);
  } else {
    const { steps, ...plan } = KINDS[options.kind](options.name);
    for (const line of apply(ROOT, plan)) console.log(line);
    format(Object.keys(plan.files));
    console.log(`\nNext, see docs/contributing/${options.kind}.md:\n`);
    for (const [index, step] of steps.entries()) console.log(`${index + 1}. ${step}`);
  }
} catch (error) {
  if (!(error instanceof NewError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
