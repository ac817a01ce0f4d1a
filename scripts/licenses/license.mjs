import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Licenses that may be shipped: they ask for no more than the notice. MPL-2.0 also asks that the source of its files can be had,
 * which the address on the page gives, because no such file is changed. A package with another license needs a decision first.
 */
export const ALLOWED = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MPL-2.0",
  "Unlicense",
];

const TEXT_FILE = /^(?:licen[cs]e|copying)(?:[.-]|$)/i;
const NOTICE_FILE = /^notice(?:\.|$)/i;

/**
 * A package as it is listed. `text` is the text of its license, null if the package has none.
 * @typedef {{ name: string, version: string, license: string, homepage: string | null, text: string | null }} Package
 */

/**
 * Reads a package.
 * @param {string} root
 * @param {string} folder below the root
 * @returns {Package}
 */
export function readPackage(root, folder) {
  const path = join(root, folder);
  const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const texts = readdirSync(path)
    .filter((name) => TEXT_FILE.test(name) || NOTICE_FILE.test(name))
    .toSorted()
    .map((name) => readFileSync(join(path, name), "utf8").replaceAll("\r\n", "\n").trim());
  return {
    name: manifest.name,
    version: manifest.version,
    license: licenseOf(manifest),
    homepage: addressOf(manifest.repository) ?? addressOf(manifest.homepage),
    text: texts.length === 0 ? null : texts.join("\n\n"),
  };
}

/** @param {{ license?: unknown, licenses?: unknown }} manifest */
function licenseOf({ license, licenses }) {
  if (typeof license === "string") return license;
  const [first] = Array.isArray(licenses) ? licenses : [license];
  const type = first?.type;
  return typeof type === "string" ? type : "unknown";
}

/** The address of a repository or a page that a browser opens. @param {any} given */
function addressOf(given) {
  const text = typeof given === "string" ? given : given?.url;
  if (typeof text !== "string") return null;
  const shortened = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(text);
  if (shortened !== null) return `https://github.com/${shortened[1]}`;
  const address = text
    .replace(/^git\+/, "")
    .replace(/^(?:git|ssh):\/\/(?:git@)?/, "https://")
    .replace(/\.git$/, "");
  return /^https?:\/\//.test(address) ? address : null;
}

/**
 * Whether a license, or one of those that it offers, may be shipped.
 * @param {string} license an SPDX expression
 */
export function isAllowed(license) {
  const offered = license.replaceAll(/[()]/g, "").split(" OR ");
  return offered.some((each) => each.split(" AND ").every((part) => ALLOWED.includes(part.trim())));
}
