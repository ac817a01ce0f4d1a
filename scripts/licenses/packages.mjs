import { readFileSync } from "node:fs";
import { join } from "node:path";

const MODULES = "node_modules/";
/** The folder of the package that a file belongs to. */
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Packages that come as built files, with code of their dependencies in them. All of their dependencies count as shipped, for
 * nothing says which of them a file contains.
 */
const PREBUILT = ["node_modules/@cloudflare/kumo"];

/**
 * The folder of the package that a bundled file belongs to, below the root; null if it is the gateway's own.
 * @param {string} file a path, or an id of a bundler
 */
export function packageFolderOf(file) {
  const path = file.replaceAll("\\", "/");
  const start = path.indexOf(MODULES);
  return start < 0 ? null : (PACKAGE_FOLDER.exec(path.slice(start))?.[0] ?? null);
}

/**
 * The packages of bundled files, sorted.
 * @param {Iterable<string>} files
 * @returns {string[]}
 */
export function packagesOf(files) {
  return [...new Set([...files].flatMap((file) => packageFolderOf(file) ?? []))].toSorted();
}

/**
 * Adds the dependencies of packages that come as built files.
 * @param {string} root
 * @param {readonly string[]} folders
 */
export function withPrebuilt(root, folders) {
  /** @type {{ packages: Record<string, { dependencies?: Record<string, string> }> }} */
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const found = new Set(folders.filter((folder) => PREBUILT.includes(folder)));
  // It grows while it is walked.
  for (const folder of found) {
    for (const name of Object.keys(packages[folder]?.dependencies ?? {})) {
      const nested = `${folder}/node_modules/${name}`;
      const dependency = packages[nested] === undefined ? MODULES + name : nested;
      const hasCode = !name.startsWith("@types/");
      if (hasCode && packages[dependency] !== undefined) found.add(dependency);
    }
  }
  return [...new Set([...folders, ...found])].toSorted();
}

/** A plugin of Vite that reports the files of a build. Styles count, which leave no code. @param {(files: string[]) => void} report */
export function reportFiles(report) {
  let isForServer = false;
  return {
    name: "report-files",
    /** @param {{ build: { ssr: unknown } }} config */
    configResolved(config) {
      isForServer = Boolean(config.build.ssr);
    },
    /**
     * @this {{ getModuleIds(): Iterable<string> }}
     * @param {unknown} _options
     * @param {Record<string, { type: string, moduleIds?: string[] }>} bundle
     */
    generateBundle(_options, bundle) {
      if (isForServer) return;
      const code = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      report([...code, ...[...this.getModuleIds()].filter((id) => /\.css(?:\?|$)/.test(id))]);
    },
  };
}
