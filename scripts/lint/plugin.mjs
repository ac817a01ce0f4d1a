import { relative, resolve } from "node:path";

// Rules of this project that oxlint has none for. Their table is in .oxlintrc.json.

/**
 * @typedef {{ type: string, source?: { value: unknown }, callee?: { type: string, name?: string }, arguments?: unknown[] }} Node
 * @typedef {{ filename: string, cwd: string, options: unknown[], report(found: { node: Node, message: string }): void }} Context
 */

/**
 * The path of a module below src, without its extension: `delivery/send`. Null for what is not in src.
 * @param {string} file
 * @param {string} cwd
 */
function moduleOf(file, cwd) {
  const path = relative(resolve(cwd, "src"), file).replaceAll("\\", "/");
  return path.startsWith("..") ? null : path.replace(/\.ts$/, "");
}

/** @param {string} module */
const folderOf = (module) => module.split("/")[0] ?? module;

/**
 * Who may import whom. The option is the table: the folder (or file) of src that imports, and a list of what it may
 * import: folders, single files, or "*". A folder may always import itself; one that the table leaves out is a fault.
 */
const layers = {
  meta: { schema: [{ type: "object" }] },
  /** @param {Context} context */
  create(context) {
    const module = moduleOf(context.filename, context.cwd);
    if (module === null) return {};
    const own = folderOf(module);
    const table = /** @type {Record<string, string[]>} */ (context.options[0]);
    const allowed = table[own];

    const check = (/** @type {Node} */ node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== "string" || !specifier.startsWith(".")) return;
      const target = moduleOf(resolve(context.filename, "..", specifier), context.cwd);
      if (target === null) {
        if (specifier.endsWith("/package.json")) return; // the version
        context.report({ node, message: `src may not import what is outside it: ${specifier}` });
      } else if (allowed === undefined) {
        context.report({ node, message: `src/${own} is not in the table of layers in .oxlintrc.json.` });
      } else if (folderOf(target) !== own && !["*", target, folderOf(target)].some((name) => allowed.includes(name))) {
        const may = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
        context.report({ node, message: `src/${own} may not import src/${target}; it may import ${may}.` });
      }
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

/** In pure code the time is an argument: `new Date(ms)` is a conversion, `new Date()` reads the clock. */
const noClock = {
  meta: { schema: [] },
  /** @param {Context} context */
  create(context) {
    const check = (/** @type {Node} */ node) => {
      if (node.callee?.type !== "Identifier" || node.callee.name !== "Date") return;
      if (node.type === "CallExpression" || node.arguments?.length === 0) {
        context.report({ node, message: "This folder is pure: take the time as an argument." });
      }
    };
    return { NewExpression: check, CallExpression: check };
  },
};

export default { meta: { name: "hookgate" }, rules: { layers, "no-clock": noClock } };
