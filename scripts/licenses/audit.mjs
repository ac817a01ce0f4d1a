import { execFile } from "node:child_process";

/** What npm knows about a vulnerable package. @typedef {{ name: string, severity: string, title: string }} Vulnerability */

/** Severities that keep a release back if the package is shipped. */
const SERIOUS = ["high", "critical"];

/**
 * Asks npm's registry for the known vulnerabilities of the installed packages. Returns null if it does not respond.
 * @param {string} root
 * @returns {Promise<Vulnerability[] | null>}
 */
export async function knownVulnerabilities(root) {
  const args = ["audit", "--json", "--fetch-retries=0", "--fetch-timeout=20000"];
  // npm exits with 1 if it finds something.
  const output = await new Promise((resolve) =>
    execFile("npm", args, { cwd: root, maxBuffer: 1 << 26, timeout: 60_000 }, (_error, stdout) => resolve(stdout)),
  );
  return parseReport(String(output));
}

/**
 * Reads the report of `npm audit --json`; null if the text is no report.
 * @param {string} output
 * @returns {Vulnerability[] | null}
 */
export function parseReport(output) {
  /** @type {any} */
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    return null;
  }
  if (report?.auditReportVersion === undefined) return null;
  return Object.values(report.vulnerabilities).map(({ name, severity, via }) => {
    const [first] = via;
    return { name, severity, title: typeof first === "string" ? `by ${first}` : String(first?.title) };
  });
}

/**
 * Divides vulnerabilities: those that keep a release back, and others.
 * @param {readonly Vulnerability[]} found
 * @param {readonly string[]} shipped the names of the packages that are shipped
 */
export function judge(found, shipped) {
  const isSerious = (/** @type {Vulnerability} */ { name, severity }) =>
    shipped.includes(name) && SERIOUS.includes(severity);
  return { serious: found.filter(isSerious), others: found.filter((each) => !isSerious(each)) };
}

/** @param {Vulnerability} found */
export const describe = ({ name, severity, title }) => `${severity}: ${name}: ${title}`;

const NAME_IN_ROW = /^\| \[?([^\]|]+?)\]?(?:\(| \|)/gm;

/** The names in the list of docs/licenses.md. @param {string} page */
export function namesOn(page) {
  return [...page.matchAll(NAME_IN_ROW)].map(([, name = ""]) => name).slice(2);
}
