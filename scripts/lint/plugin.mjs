import { relative, resolve } from "node:path";

// Rules of this project that oxlint does not have. Their options are in .oxlintrc.json.

/**
 * @typedef {{ type: string, source?: { value: unknown }, callee?: { type: string, name?: string }, arguments?: unknown[] }} Node
 * @typedef {{ filename: string, cwd: string, options: unknown[], report(found: { node: Node, message: string }): void }} Context
 */

/**
 * Returns the path of a module below src without its extension (`delivery/request/send`), or null for a file outside src.
 * @param {string} file
 * @param {string} cwd
 */
function moduleOf(file, cwd) {
  const path = relative(resolve(cwd, "src"), file).replaceAll("\\", "/");
  return path.startsWith("..") ? null : path.replace(/\.tsx?$/, "");
}

/** @param {string} module */
const folderOf = (module) => module.split("/")[0] ?? module;

/**
 * Checks who may import whom. The option is the table: each folder of src (or file directly below it) with the list of the
 * folders that it may import, or "*". A folder may always import itself. A folder that the table does not name is an error.
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
        // The version, and the names of the migrations.
        if (["/package.json", "/migrations/checksums.json"].some((file) => specifier.endsWith(file))) return;
        context.report({ node, message: `src may not import what is outside it: ${specifier}` });
      } else if (allowed === undefined) {
        context.report({ node, message: `src/${own} is not in the table of layers in .oxlintrc.json.` });
      } else if (folderOf(target) !== own && !["*", folderOf(target)].some((name) => allowed.includes(name))) {
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

/** Pure code takes the time as an argument: `new Date(ms)` converts, `new Date()` reads the clock. */
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
