import { readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

/** Pages of the root of the project, which the site shows under `project/`. */
const PROJECT_PAGES = ["README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "SECURITY"];

/** The sections of the site in their order. `first` are the pages that begin a section; others of its folders follow by name. */
const SECTIONS = [
  { title: "Start here", folders: ["start-here", "migrate"], first: ["start-here/index", "concepts", "migrate/index"] },
  {
    title: "Guides",
    folders: ["."],
    first: [
      "cookbook",
      "authentication",
      "routes",
      "transformations",
      "payloads",
      "templates",
      "destinations",
      "destination-auth",
      "verifying-signatures",
      "examples/index",
    ],
  },
  {
    title: "Operations",
    folders: ["runbooks"],
    first: [
      "deploy",
      "operations",
      "finding",
      "system-events",
      "metrics",
      "grafana/index",
      "keys",
      "scale",
      "shards",
      "cost",
      "performance",
    ],
  },
  {
    title: "Reference",
    folders: [],
    first: [
      "reference",
      "variables",
      "api",
      "errors",
      "client",
      "cli",
      "config-as-code",
      "log-lines",
      "audit",
      "sessions",
      "access",
      "compatibility",
      "licenses",
    ],
  },
  { title: "Sources", folders: ["sources"], first: ["sources/index", "sources/catch", "sources/rules"] },
  { title: "Signatures", folders: ["signatures"], first: ["signatures/index"] },
  { title: "Destinations", folders: ["destinations"], first: ["destinations/index"] },
  { title: "Presets", folders: ["presets"], first: ["presets/index"] },
  { title: "Project", folders: ["project", "contributing"], first: ["project/readme", "threat-model"] },
  { title: "Decisions", folders: ["decisions"], first: ["decisions/index"] },
];

/** The section with this folder has the pages of all folders that no section names. */
const REMAINING_FOLDER = ".";

/** A page: its file below the root of the project, its address below the site without an ending, and its text. */
/** @typedef {{ file: string, address: string, title: string, text: string }} DocPage */

/** @param {string} file a path below `docs` */
const addressOf = (file) => file.replace(/\.md$/, "").replace(/(^|\/)README$/, "$1index");

/**
 * Reads all pages of the site.
 * @param {string} root
 * @returns {DocPage[]}
 */
export function readPages(root) {
  const own = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({ file: `docs/${name}`, address: addressOf(name) }));
  const project = PROJECT_PAGES.map((name) => ({ file: `${name}.md`, address: `project/${name.toLowerCase()}` }));
  return [...own, ...project]
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
    .map((page) => {
      const text = readFileSync(join(root, page.file), "utf8");
      return { ...page, title: titleOf(text) ?? page.address, text };
    });
}

/** @param {string} text */
function titleOf(text) {
  return /^# (.+)$/m.exec(text)?.[1]?.replaceAll(/[`*]/g, "");
}

/**
 * Sorts pages into the sections of the site. Each page is in one.
 * @param {readonly DocPage[]} pages
 */
export function sectionsOf(pages) {
  const named = new Set(SECTIONS.flatMap(({ first }) => first));
  const known = new Set(SECTIONS.flatMap(({ folders }) => folders));
  const folderOf = (/** @type {string} */ address) =>
    known.has(posix.dirname(address)) ? posix.dirname(address) : REMAINING_FOLDER;
  return SECTIONS.map(({ title, folders, first }) => {
    const begin = first.flatMap((address) => pages.filter((page) => page.address === address));
    const rest = pages.filter(
      ({ address }) => !named.has(address) && address !== "index" && folders.includes(folderOf(address)),
    );
    return { title, pages: [...begin, ...rest] };
  });
}
