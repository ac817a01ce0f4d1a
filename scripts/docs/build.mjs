import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { packagesOf } from "../licenses/packages.mjs";
import { FILES_OF_BUNDLE } from "./config.mjs";
import { BASE, writeSource } from "./source.mjs";
import { DOCS_FOLDER, readDocsStamp, writeDocsStamp } from "./stamp.mjs";

const SOURCES = ["docs", "scripts/docs", "scripts/licenses"];
const SINGLE_SOURCES = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "package-lock.json",
];
/** How often a build that loses the race for the folder tries again. */
const MAX_RENAMES = 20;

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** @param {string} root */
function hashOfSources(root) {
  const hash = createHash("sha256");
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
  );
  for (const file of [...files, ...SINGLE_SOURCES].toSorted()) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/**
 * Builds the site of the documents. Does nothing if it was built from the same pages.
 * @param {string} root
 * @returns {Promise<"built" | "unchanged">}
 */
export async function buildDocs(root) {
  const hash = hashOfSources(root);
  if (readDocsStamp(root)?.hash === hash) return "unchanged";
  const temporary = join(root, `${DOCS_FOLDER}.${randomBytes(6).toString("hex")}`);
  const [source, outDir] = [join(temporary, "source"), join(temporary, "site")];
  try {
    writeSource(root, source);
    await renderSite(root, source, outDir);
    // Each page is there as plain Markdown, too.
    for (const page of pagesIn(source)) cpSync(join(source, page), join(outDir, page));
    const headers = headersOf(outDir);
    const packages = packagesOf(JSON.parse(readFileSync(join(temporary, FILES_OF_BUNDLE), "utf8")));
    replace(join(root, DOCS_FOLDER), outDir);
    writeDocsStamp(root, { hash, headers, packages });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return "built";
}

/**
 * Puts the new folder in the place of the old one, which another process may be doing, too.
 * @param {string} target
 * @param {string} built
 */
function replace(target, built) {
  for (let left = MAX_RENAMES; ; left -= 1) {
    try {
      rmSync(target, { recursive: true, force: true });
      renameSync(built, target);
      return;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/**
 * Runs VitePress in a process of its own: it changes the environment and writes to the console.
 * @param {string} root
 * @param {string} source
 * @param {string} outDir
 */
async function renderSite(root, source, outDir) {
  const settings = join(source, ".vitepress");
  const config = pathToFileURL(join(root, "scripts/docs/config.mjs")).href;
  const args = [root, source, outDir].map((path) => JSON.stringify(path)).join(", ");
  mkdirSync(join(settings, "theme"), { recursive: true });
  // Without its fonts, the theme uses those of the system.
  writeFileSync(join(settings, "theme/index.mjs"), 'export { default } from "vitepress/theme-without-fonts";\n');
  writeFileSync(
    join(settings, "config.mjs"),
    `const { siteConfig } = await import(${JSON.stringify(config)});\nexport default siteConfig(${args});\n`,
  );
  const command = join(root, "node_modules/vitepress/bin/vitepress.js");
  const child = spawn(process.execPath, [command, "build", source], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`The site of the documents could not be built:\n${output}`);
}

/** @param {string} folder */
const pagesIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));

/**
 * The headers of the site's files. What its pages inline is allowed by its hash, and nothing else that is inline.
 * @param {string} folder
 */
function headersOf(folder) {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
  const scripts = new Set(
    pages.flatMap((name) =>
      [...readFileSync(join(folder, name), "utf8").matchAll(INLINE_SCRIPT)].map(([, code = ""]) => code),
    ),
  );
  const hashes = [...scripts].map((code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`);
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${hashes.toSorted().join(" ")}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return `
${BASE}*
  ! Content-Security-Policy
  Content-Security-Policy: ${policy}

${BASE}assets/*
  Cache-Control: public, max-age=31536000, immutable
`;
}
