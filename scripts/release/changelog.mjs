/** @typedef {{ heading: string, body: string }} Section */
/** @typedef {{ version: string, date: string, notes: string }} Release */

/** A release may be tagged on the day that its heading names, and for some days after. */
const MAX_AGE_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * The sections of a changelog in their order.
 * @param {string} text
 * @returns {Section[]}
 */
function sectionsOf(text) {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = "", ...lines] = section.split("\n");
      return { heading: heading.trim(), body: lines.join("\n").trim() };
    });
}

/**
 * The newest release of a changelog; null if it has none.
 * @param {string} text
 * @returns {Release | null}
 */
export function newestRelease(text) {
  for (const { heading, body } of sectionsOf(text)) {
    const [, version, date] = /^(\d+\.\d+\.\d+(?:-[\w.]+)?) - (\S+)$/.exec(heading) ?? [];
    if (version !== undefined && date !== undefined) return { version, date, notes: body };
  }
  return null;
}

/**
 * What keeps a version from being released with this changelog, as sentences.
 * @param {string} text
 * @param {string} version
 * @param {number} nowMs
 * @returns {string[]}
 */
export function changelogFaults(text, version, nowMs) {
  const [first, second] = sectionsOf(text);
  const faults = [];
  if (first?.heading !== "Unreleased") faults.push('CHANGELOG.md does not begin with a section "## Unreleased".');
  else if (first.body !== "") faults.push(`The section "Unreleased" is not empty: move its lines into ${version}.`);
  const release = newestRelease(text);
  if (release === null || !second?.heading.startsWith(`${release.version} `)) {
    return [...faults, `CHANGELOG.md has no section "## ${version} - YYYY-MM-DD" after "Unreleased".`];
  }
  if (release.version !== version)
    faults.push(`The newest section is ${release.version}, but package.json has ${version}.`);
  if (release.notes === "") faults.push(`The section ${release.version} is empty.`);
  const repeated = repeatedLines(release.notes);
  if (repeated.length > 0) faults.push(`The section ${release.version} has a line twice: ${repeated[0]}`);
  return [...faults, ...dateFaults(release.date, nowMs)];
}

/** @param {string} notes */
function repeatedLines(notes) {
  const lines = notes.split("\n").filter((line) => line.startsWith("- "));
  return lines.filter((line, index) => lines.indexOf(line) !== index);
}

/** @param {string} date @param {number} nowMs */
function dateFaults(date, nowMs) {
  const dayMs = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(dayMs)) return [`${date} is not a date such as 2026-11-29.`];
  if (dayMs > nowMs) return [`The date ${date} is in the future.`];
  if (nowMs - dayMs > (MAX_AGE_DAYS + 1) * DAY_MS) return [`The date ${date} is past: set it to today.`];
  return [];
}
