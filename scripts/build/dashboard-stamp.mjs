import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { readDocsStamp } from "../docs/stamp.mjs";

/** The file with the response headers, which Cloudflare applies and does not serve. */
export const HEADERS_FILE = "_headers";

/** Everything that the built files depend on. */
const SOURCES = ["src/dashboard", "src/client", "src/model", "docs/sources"];
const SINGLE_SOURCES = [
  "package.json",
  "package-lock.json",
  "scripts/build/dashboard.mjs",
  "scripts/build/dashboard-stamp.mjs",
];

/** Files of the gateway only. The provider of Base UI's settings keeps it from inserting a `<style>`. Browser tests fail on any violation. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/**
 * The headers of the dashboard's files and of the documents. The first line marks what they were built from.
 * @param {string} hash
 * @param {string} docsHeaders
 */
export function headersFile(hash, docsHeaders) {
  return `${stampOf(hash)}
/*
  Content-Security-Policy: ${CONTENT_SECURITY_POLICY}
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Resource-Policy: same-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
  X-Frame-Options: DENY

/
  Cache-Control: no-cache

/assets/*
  Cache-Control: public, max-age=31536000, immutable
${docsHeaders}`;
}

/** @param {string} hash */
const stampOf = (hash) => `# Built from ${hash}`;

/**
 * Whether a folder was built from the sources of this hash.
 * @param {string} folder
 * @param {string} hash
 */
export async function isCurrent(folder, hash) {
  const headers = await readFile(join(folder, HEADERS_FILE), "utf8").catch(() => "");
  return headers.startsWith(`${stampOf(hash)}\n`);
}

/** @param {string} root */
export async function hashOfSources(root) {
  const hash = createHash("sha256");
  for (const path of await pathsOfSources(root)) {
    const bytes = await readFile(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  hash.update(readDocsStamp(root)?.hash ?? "");
  return hash.digest("hex");
}

/** @param {string} root */
async function pathsOfSources(root) {
  const folders = await Promise.all(
    SOURCES.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    }),
  );
  return [...folders.flat(), ...SINGLE_SOURCES].map((path) => path.replaceAll("\\", "/")).toSorted();
}
