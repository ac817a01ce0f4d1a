import { PARTS } from "./shipped.mjs";

/** @typedef {import("./license.mjs").Package & { parts: readonly string[] }} Listed */

const LINE = "-".repeat(80);

const HEAD = `# Licenses

Hookgate has the [MIT License](https://opensource.org/license/mit). What it ships contains packages of others: the Worker, the dashboard and the site of the
documents that it serves, and the command line. \`npm run licenses\` writes this list from what the builds contain, and a test fails if it differs, or if a
package has a license other than these:`;

/**
 * The page with the list of packages.
 * @param {readonly Listed[]} packages
 * @param {readonly string[]} allowed
 */
export function pageOf(packages, allowed) {
  const rows = packages.map(({ name, version, license, homepage, parts }) => {
    const label = homepage === null ? name : `[${name}](${homepage})`;
    return `| ${label} | ${version} | ${license} | ${PARTS.filter((part) => parts.includes(part)).join(", ")} |`;
  });
  return `${HEAD} ${allowed.join(", ")}.

The texts of the licenses are in \`THIRD_PARTY_NOTICES.txt\`, which a copy of the built files must keep. \`@cloudflare/kumo\` comes as built files, with code of
its dependencies in them, so all of these are listed. No file of a package is changed, and the links lead to the sources. Packages that only build or test
Hookgate are not shipped, and not listed.

| package | version | license | in |
| --- | --- | --- | --- |
${rows.join("\n")}

## Known vulnerabilities

\`npm run audit\` asks npm for known vulnerabilities of the installed packages, and fails if one of severity \`high\` or \`critical\` is in a package of this list. \`npm
test\` does the same if npm's registry answers, and skips it with a note if not.
`;
}

/**
 * The texts of the licenses, each once with the packages that have it.
 * @param {readonly Listed[]} packages
 */
export function noticesOf(packages) {
  /** @type {Map<string, string[]>} */
  const owners = new Map();
  for (const { name, version, license, text } of packages) {
    const notice = text ?? `License: ${license}. The package has no copy of its text.`;
    owners.set(notice, [...(owners.get(notice) ?? []), `${name} ${version}`]);
  }
  const parts = [...owners].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
  return `What Hookgate ships contains the packages below. npm run licenses writes this file.\n\n${parts.join(`\n${LINE}\n\n`)}`;
}
