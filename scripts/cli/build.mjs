import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

// Bundles the command `hookgate` with its packages into one file that Node 20 runs.

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const OUTPUT = join(ROOT, "bin/hookgate.mjs");
const SOURCES = ["src/cli", "src/client", "src/model", "scripts/cli/build.mjs", "package.json", "package-lock.json"];
const NEWLINE = 10;

/** The files below a path, sorted. @param {string} path @returns {string[]} */
function filesIn(path) {
  if (!path.startsWith("src/")) return [path];
  const entries = readdirSync(join(ROOT, path), { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const below = `${path}/${entry.name}`;
    return entry.isDirectory() ? filesIn(below) : [below];
  });
}

/** The first line of the built file: it names the sources by their hash. */
function stampOfSources() {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap(filesIn))
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(ROOT, file)));
  return `// Made from src/cli by scripts/cli/build.mjs. Sources: ${hash.digest("hex")}`;
}

/**
 * Bundles the command. Returns the bundle with what it was made of.
 * @param {string} [firstLine]
 */
export async function bundleCommand(firstLine = "") {
  const { build } = await import("esbuild");
  return await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/cli/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "eof",
    // Some packages call `require` for modules of Node.
    banner: {
      js: `${firstLine}\nimport { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`,
    },
    logLevel: "silent",
  });
}

/** Builds the command unless it was built from the same sources. Commands that start side by side can build at once. */
export async function buildCommand() {
  const stamp = stampOfSources();
  if (existsSync(OUTPUT)) {
    const built = readFileSync(OUTPUT);
    if (built.subarray(0, built.indexOf(NEWLINE)).toString() === stamp) return;
  }
  const { outputFiles } = await bundleCommand(stamp);
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild wrote no file.");
  mkdirSync(dirname(OUTPUT), { recursive: true });
  const temporary = `${OUTPUT}.${process.pid}`;
  try {
    writeFileSync(temporary, file.contents);
    renameSync(temporary, OUTPUT);
  } finally {
    rmSync(temporary, { force: true });
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildCommand();
