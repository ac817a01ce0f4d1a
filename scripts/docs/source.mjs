import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { readPages, sectionsOf } from "./contents.mjs";

/** What the site is served below. */
export const BASE = "/docs/";

/** Folders of files that pages link to. */
const FILES = ["docs/receivers", "docs/examples", "docs/grafana", "docs/images"];

const FENCE = /^( *)```[\s\S]*?^ *```/gm;

/**
 * Writes what the site is made from: pages at their addresses, with links to addresses, and the files that they link to.
 * @param {string} root
 * @param {string} folder
 */
export function writeSource(root, folder) {
  const pages = readPages(root);
  const addresses = new Map(pages.map(({ file, address }) => [file, address]));
  for (const { file, address, text } of pages) {
    write(join(folder, `${address}.md`), withSiteLinks(root, addresses, file, address, text));
  }
  for (const address of foldersWithoutIndex(pages)) {
    const inside = pages.filter((page) => posix.dirname(page.address) === address);
    const list = inside.map((page) => `- [${page.title}](${posix.basename(page.address)}.md)\n`).join("");
    const title = address.charAt(0).toUpperCase() + address.slice(1);
    write(join(folder, address, "index.md"), `# ${title}\n\n${list}`);
  }
  for (const files of FILES.filter((each) => existsSync(join(root, each)))) {
    const target = files === "docs/images" ? files.slice("docs/".length) : files.replace("docs/", "public/");
    cpSync(join(root, files), join(folder, target), { recursive: true, filter: (from) => !from.endsWith(".md") });
  }
  write(join(folder, "public/llms.txt"), shortText(pages));
  write(join(folder, "public/llms-full.txt"), fullText(pages));
  return pages;
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Folders of pages that have no page of their own. @param {readonly import("./contents.mjs").DocPage[]} pages */
function foldersWithoutIndex(pages) {
  const folders = new Set(pages.map(({ address }) => posix.dirname(address)).filter((folder) => folder !== "."));
  return [...folders].filter((folder) => !pages.some(({ address }) => address === `${folder}/index`));
}

/**
 * @param {string} root
 * @param {ReadonlyMap<string, string>} addresses
 * @param {string} file
 * @param {string} address
 * @param {string} text
 */
function withSiteLinks(root, addresses, file, address, text) {
  const from = posix.dirname(address);
  /** Returns the new target of a link, or null if the site has nothing there. @param {string} target */
  const moved = (target) => {
    const [path = "", anchor] = target.split("#");
    if (/^[a-z]+:/.test(target) || path === "") return target;
    const to = posix.join(posix.dirname(file), path);
    const isFolder = existsSync(join(root, to)) && statSync(join(root, to)).isDirectory();
    const page = isFolder ? `${to.replace(/^docs\//, "")}/index` : addresses.get(to);
    const hash = anchor === undefined ? "" : `#${anchor}`;
    if (page !== undefined && (!isFolder || hasPages(root, to))) return `${posix.relative(from, page)}.md${hash}`;
    const isServed = FILES.some((folder) => to.startsWith(`${folder}/`));
    return isServed ? posix.relative(from, to.slice("docs/".length)) : null;
  };
  return outsideCode(text, (prose) =>
    prose
      .replaceAll(/\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (_, label, target) => {
        const to = moved(target);
        return to === null ? label : `[${label}](${to})`;
      })
      .replaceAll(/\b(src|srcset)="([^"]+)"/g, (_, name, target) => `${name}="${relativeTo(moved(target) ?? target)}"`),
  );
}

/** An image's path as Vite reads it. @param {string} path */
const relativeTo = (path) => (path.startsWith(".") || path.includes(":") ? path : `./${path}`);

/** @param {string} root @param {string} folder */
const hasPages = (root, folder) => readdirSync(join(root, folder)).some((name) => name.endsWith(".md"));

/** Changes a text outside of its code. @param {string} text @param {(prose: string) => string} change */
function outsideCode(text, change) {
  /** @type {string[]} */
  const kept = [];
  const keep = (/** @type {string} */ code) => `\u0000${kept.push(code) - 1}\u0000`;
  const hidden = text.replaceAll(FENCE, keep).replaceAll(/`[^`\n]+`/g, keep);
  return change(hidden).replaceAll(/\0(\d+)\0/g, (_, index) => kept[Number(index)] ?? "");
}

/** The list of pages for language models (llmstxt.org). @param {readonly import("./contents.mjs").DocPage[]} pages */
function shortText(pages) {
  const sections = sectionsOf(pages).map(
    ({ title, pages: inside }) =>
      `## ${title}\n\n${inside.map((page) => `- [${page.title}](${BASE}${page.address}.md)\n`).join("")}`,
  );
  const about =
    "A webhook gateway on Cloudflare Workers: it checks, interprets and delivers webhooks, signed, with retries and a full log.";
  return `# Hookgate\n\n> ${about}\n\nAll pages in one file: [llms-full.txt](${BASE}llms-full.txt)\n\n${sections.join("\n")}`;
}

/** All pages in one text. @param {readonly import("./contents.mjs").DocPage[]} pages */
function fullText(pages) {
  return sectionsOf(pages)
    .flatMap((section) => section.pages)
    .map(({ address, text }) => `<!-- ${BASE}${address}.md -->\n\n${text.trim()}\n`)
    .join("\n");
}
