import type { Json } from "../../../model/json.ts";
import type { NotificationContent } from "../notification-content.ts";
import { type PresetValues, writeJson } from "../preset.ts";
import { oneLine } from "../text.ts";
import type { Leaf, Listed, Tree } from "./preset-data.ts";
import type { Values } from "./values.ts";
import { writeText } from "./write-text.ts";

/** The tags of an alert that are read. */
const MAX_TAGS = 200;

/** What a tree is written with. */
export type Scope = {
  readonly content: NotificationContent;
  readonly options: PresetValues;
  readonly values: Values;
};

/** A value of a body; undefined is left out. The envelope can contain exact numbers, which `writeJson` writes. */
type Written = Json | object | undefined;

function isLeaf(tree: object): tree is Leaf {
  return "$" in tree;
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

function optionOf({ options }: Scope, name: string, as: "text" | "number" | "list"): Written {
  const value = options[name];
  if (value === undefined) return undefined;
  switch (as) {
    case "text":
      return value;
    case "number":
      return Number(value);
    case "list":
      return partsOf(value);
  }
}

function timeOf(timestamp: string, unit: "seconds" | "milliseconds" | "nanoseconds"): Written {
  const ms = Date.parse(timestamp);
  switch (unit) {
    case "seconds":
      return Math.floor(ms / 1_000);
    case "milliseconds":
      return ms;
    case "nanoseconds":
      return `${ms}000000`;
  }
}

const NO_WORD = /[^\p{L}\p{N}_.:/-]+/gu;

function entriesOf({ content: { alert, facts }, options }: Scope, of: Listed): readonly Values[] {
  if (of === "facts") return facts.map(({ label, text }) => ({ label, text }));
  if (of === "tags") {
    const tags = (alert?.tags ?? []).slice(0, MAX_TAGS).map(oneLine);
    return tags.map((tag) => ({ tag, word: tag.replaceAll(NO_WORD, "-").replaceAll(/^-+|-+$/g, "") }));
  }
  return partsOf(options[of.slice("options.".length)] ?? "").map((part) => ({ part }));
}

function partsOf(value: string): readonly string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function eachOf(scope: Scope, { of, max, entry }: Extract<Leaf, { readonly $: "each" }>): Written {
  const written = entriesOf(scope, of).map((more) =>
    writeTree(entry, { ...scope, values: { ...scope.values, ...more } }),
  );
  const unique = new Map(written.filter((each) => each !== undefined).map((each) => [JSON.stringify(each), each]));
  return [...unique.values()].slice(0, max);
}

function writeLeaf(leaf: Leaf, scope: Scope): Written {
  const { content, values } = scope;
  switch (leaf.$) {
    case "text": {
      const written = writeText(leaf, values);
      return written === "" && !leaf.is_kept ? undefined : written;
    }
    case "choice": {
      const chosen = leaf.values[leaf.of === "urgency" ? (content.urgency ?? "none") : content.step];
      return chosen === undefined ? undefined : writeTree(chosen, scope);
    }
    case "option":
      return optionOf(scope, leaf.name, leaf.as);
    case "captured":
      return values[`captured.${leaf.name}`];
    case "time":
      return timeOf(content.timestamp, leaf.unit);
    case "each":
      return eachOf(scope, leaf);
    case "facts": {
      const pairs = content.facts.map(
        ({ label, text }) => [writeText(leaf.label, { label }), writeText(leaf.text, { text })] as const,
      );
      return Object.fromEntries(pairs);
    }
    case "when":
      return (values[leaf.has] ?? "") === "" ? undefined : writeTree(leaf.tree, scope);
    case "first":
      return leaf.trees.map((tree) => writeTree(tree, scope)).find((written) => written !== undefined);
    case "envelope":
      return content.envelope;
    case "json": {
      const written = writeTree(leaf.tree, scope);
      return typeof written === "object" && written !== null ? writeJson(written) : undefined;
    }
  }
}

/** Writes a tree: the value of a body, or undefined if nothing is to be written. */
export function writeTree(tree: Tree, scope: Scope): Written {
  if (typeof tree !== "object" || tree === null) return tree;
  if (isList(tree)) return tree.map((each) => writeTree(each, scope)).filter((each) => each !== undefined);
  if (isLeaf(tree)) return writeLeaf(tree, scope);
  const members = Object.entries(tree).map(([name, each]) => [name, writeTree(each, scope)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** Writes a tree as a text, for formats other than JSON; undefined if nothing is to be written. */
export function writeField(tree: Tree, scope: Scope): string | undefined {
  const written = writeTree(tree, scope);
  if (written === undefined || written === null) return undefined;
  return typeof written === "object" ? writeJson(written) : String(written);
}
