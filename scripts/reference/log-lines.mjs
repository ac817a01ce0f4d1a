import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";

/** A line that the code writes. @typedef {{ event: string, levels: string[], fields: string[] }} LogLine */

const EVENT = /^[a-z_]+\.[a-z_]+$/;
const LEVELS = ["info", "warn", "error"];

/** What the spread values hold whose fields do not stand in the same file. */
const SPREADS = /** @type {Record<string, readonly string[]>} */ ({
  "src/maintenance/reconcile.ts compared": [
    "accepted",
    "delivered",
    "dead",
    "pending",
    "cancelled",
    "ignored",
    "outbox",
    "balanced",
  ],
  "src/platform/queues.ts fields": ["event_id", "replay_id", "dead_letter_id", "messages", "reason"],
});

/** @param {any} node @param {(node: any, above: any[]) => void} visit @param {any[]} [above] */
function walk(node, visit, above = []) {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, visit, above);
  } else if (node !== null && typeof node === "object") {
    if (typeof node.type === "string") visit(node, above);
    for (const value of Object.values(node)) walk(value, visit, [...above, node]);
  }
}

/** All texts in a part of the code that match. @param {any} node @param {(text: string) => boolean} matches */
function textsIn(node, matches) {
  /** @type {string[]} */
  const texts = [];
  walk(node, ({ type, value }) => {
    if (type === "Literal" && typeof value === "string" && matches(value)) texts.push(value);
  });
  return texts;
}

/** One file of the code. */
class Source {
  #path;
  #program;

  /** @param {string} root @param {string} path */
  constructor(root, path) {
    this.#path = path;
    this.#program = parseSync(path, readFileSync(join(root, path), "utf8")).program;
  }

  /** @returns {LogLine[]} */
  lines() {
    /** @type {LogLine[]} */
    const lines = [];
    walk(this.#program, (node, above) => {
      if (node.type !== "CallExpression" || node.callee.name !== "logLine") return;
      const [level, event, fields] = node.arguments;
      const levels = textsIn(level, (text) => LEVELS.includes(text));
      for (const name of this.#eventsOf(event, above))
        lines.push({ event: name, levels, fields: this.#fieldsOf(fields) });
    });
    return lines;
  }

  /** What a variable was set to; null if it is a parameter. @param {string} name @returns {any} */
  #valueOf(name) {
    let value = null;
    walk(this.#program, ({ type, id, init }) => {
      if (type === "VariableDeclarator" && id.name === name) value = init;
    });
    return value;
  }

  /** @param {any} node @param {any[]} above */
  #eventsOf(node, above) {
    const isEvent = (/** @type {string} */ text) => EVENT.test(text);
    if (node.type !== "Identifier") return textsIn(node, isEvent);
    const value = this.#valueOf(node.name);
    if (value !== null) return textsIn(value, isEvent);
    const owner = above.findLast(({ type }) => type === "FunctionDeclaration")?.id.name;
    /** @type {string[]} */
    const given = [];
    walk(this.#program, (call) => {
      if (call.type === "CallExpression" && call.callee.name === owner) given.push(...textsIn(call.arguments, isEvent));
    });
    return given;
  }

  /** @param {any} node @returns {string[]} */
  #fieldsOf(node) {
    switch (node.type) {
      case "ObjectExpression":
        return node.properties.flatMap((/** @type {any} */ property) =>
          property.type === "SpreadElement" ? this.#fieldsOf(property.argument) : [property.key.name],
        );
      case "ParenthesizedExpression":
        return this.#fieldsOf(node.expression);
      case "ConditionalExpression":
        return [...this.#fieldsOf(node.consequent), ...this.#fieldsOf(node.alternate)];
      case "CallExpression":
        return node.callee.name === "shardField" ? ["shard"] : this.#unknown(node.callee.name);
      case "Identifier": {
        const known = SPREADS[`${this.#path} ${node.name}`];
        const value = this.#valueOf(node.name);
        if (known !== undefined) return [...known];
        return value === null ? this.#unknown(node.name) : this.#fieldsOf(value);
      }
      default:
        return this.#unknown(node.type);
    }
  }

  /** @param {string} name @returns {never} */
  #unknown(name) {
    throw new Error(`scripts/reference/log-lines.mjs does not know the fields of ${name} in ${this.#path}.`);
  }
}

/**
 * All lines that the code writes, by their names.
 * @param {string} root
 * @returns {LogLine[]}
 */
export function logLines(root) {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts") && path !== "src/platform/log.ts")
    .filter((path) => readFileSync(join(root, path), "utf8").includes("logLine("))
    .toSorted();
  /** @type {Map<string, LogLine>} */
  const lines = new Map();
  for (const { event, levels, fields } of files.flatMap((path) => new Source(root, path).lines())) {
    const known = lines.get(event);
    lines.set(event, {
      event,
      levels: LEVELS.filter((level) => [...levels, ...(known?.levels ?? [])].includes(level)),
      fields: [...new Set([...(known?.fields ?? []), ...fields])],
    });
  }
  return [...lines.values()].toSorted((a, b) => (a.event < b.event ? -1 : 1));
}

/** A row of the page: event, level, fields, meaning. */
const ROW = /^\| `([\w.]+)` \|[^|]*\|[^|]*\| (.*) \|$/gm;
const TABLE = /^\| `event` [\s\S]*?\n(?!\|)/m;

/**
 * The page with the lines that the code writes. The meanings are those that the page has; a line that is new has none.
 * @param {string} page
 * @param {readonly LogLine[]} lines
 */
export function withLogLines(page, lines) {
  const meanings = new Map([...page.matchAll(ROW)].map(([, event = "", meaning = ""]) => [event, meaning]));
  const rows = lines.map(({ event, levels, fields }) => {
    const names = fields.map((field) => `\`${field}\``).join(", ");
    return `| \`${event}\` | ${levels.join(", ")} | ${names} | ${meanings.get(event) ?? ""} |\n`;
  });
  return page.replace(
    TABLE,
    () => `| \`event\` | level | fields | meaning |\n| --- | --- | --- | --- |\n${rows.join("")}`,
  );
}
