import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeployError, runProgram } from "./deploy/deploy-error.mjs";
import { parseOptions } from "./deploy/options.mjs";
import { changelogFaults, newestRelease } from "./release/changelog.mjs";
import { checkoutFaults, createTag, git, testsPass, versionOf } from "./release/checkout.mjs";

// Checks that the checkout can be released, and tags it. docs/contributing/release.md describes a release.

const USAGE = `Usage: npm run release -- [options]

Checks that the checkout can be released as the version in package.json, runs the tests of the documents, and creates an
annotated tag with the section of CHANGELOG.md as its text. It pushes nothing. It takes about two minutes.

  --dry-run         check everything, show the tag, and create none
  --help            show this text
`;

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STEPS = 3;

/** @param {boolean} isDryRun */
function release(isDryRun) {
  const version = versionOf(ROOT);
  const tag = `v${version}`;
  const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  console.log(`1/${STEPS} Checking version, changelog and checkout of ${version}`);
  const faults = [...checkoutFaults(ROOT, version), ...changelogFaults(changelog, version, Date.now())];
  const notes = newestRelease(changelog)?.notes;
  if (faults.length > 0 || notes === undefined) {
    throw new DeployError(
      `${version} cannot be released:\n\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
      "Nothing was changed. docs/contributing/release.md describes the steps before this one.",
    );
  }
  console.log(`2/${STEPS} Running the tests of the documents, which takes about two minutes`);
  if (!testsPass(ROOT)) throw new DeployError("The tests of the documents fail.", "Nothing was changed.");
  const text = `Hookgate ${version}\n\n${notes}\n`;
  const commit = git(ROOT, "rev-parse", "--short", "HEAD");
  if (isDryRun) {
    console.log(`3/${STEPS} The tag ${tag} would be created at ${commit} with this text:\n\n${text}`);
    console.log("This was a dry run: no tag was created. Run npm run release to create it.");
    return;
  }
  createTag(ROOT, tag, text);
  console.log(`3/${STEPS} Created the tag ${tag} at ${commit}
${next(tag)}`);
}

/** What to do after the tag. @param {string} tag */
const next = (tag) => `
Nothing was pushed. Next:

  1. Look at it:              git show ${tag}
  2. Publish it:              git push origin HEAD ${tag}
  3. Make a release of it:    gh release create ${tag} --notes-from-tag
  4. Upgrade your gateway:    npm run deploy

To take it back before it is pushed: git tag --delete ${tag}`;

await runProgram(async () => {
  const { values } = parseOptions(
    process.argv.slice(2),
    { "dry-run": { type: "boolean", default: false }, help: { type: "boolean", default: false } },
    USAGE,
  );
  if (values.help) console.log(USAGE);
  else release(values["dry-run"]);
});
