import { type Json, type JsonObject, isJsonObject } from "../../../model/json.ts";
import { type Test, readTests, writeTest } from "./operators.ts";

// A filter as the builder shows it. What the builder has no words for is kept as it is: reading a filter and writing it again
// gives one that matches the same events.

export type Condition = { readonly kind: "condition"; readonly path: string; readonly test: Test };
/** A part that only the JSON view can change. */
export type Raw = { readonly kind: "raw"; readonly query: JsonObject };
export type Combination = "all" | "any" | "none";
export type Group = { readonly kind: "group"; readonly combination: Combination; readonly items: readonly Node[] };
export type Node = Condition | Raw | Group;

export const EMPTY_GROUP: Group = { kind: "group", combination: "all", items: [] };
export const EMPTY_CONDITION: Condition = {
  kind: "condition",
  path: "",
  test: { operator: "is", value: "", values: [], ignoresCase: false },
};

function asQueries(value: Json): readonly JsonObject[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const queries = value.filter(isJsonObject);
  return queries.length === value.length ? queries : null;
}

function readEntry(name: string, value: Json): readonly Node[] {
  const raw: Raw = { kind: "raw", query: Object.fromEntries([[name, value]]) };
  if (name === "$and") return asQueries(value)?.flatMap(readItems) ?? [raw];
  if (name === "$or" || name === "$nor") {
    const queries = asQueries(value);
    if (queries === null) return [raw];
    return [{ kind: "group", combination: name === "$or" ? "any" : "none", items: queries.map(readQuery) }];
  }
  const tests = name.startsWith("$") ? null : readTests(value);
  return tests === null ? [raw] : tests.map((test) => ({ kind: "condition", path: name, test }));
}

function readItems(query: JsonObject): readonly Node[] {
  const items = Object.entries(query).flatMap(([name, value]) => readEntry(name, value));
  return items.length === 0 ? [{ kind: "raw", query: {} }] : items;
}

function readQuery(query: JsonObject): Node {
  const [only, ...others] = readItems(query);
  if (only === undefined) return EMPTY_GROUP;
  return others.length === 0 ? only : { kind: "group", combination: "all", items: [only, ...others] };
}

/** Reads a filter. A route without one has an empty group. */
export function readMatch(match: JsonObject | null): Group {
  if (match === null || Object.keys(match).length === 0) return EMPTY_GROUP;
  const node = readQuery(match);
  return node.kind === "group" ? node : { ...EMPTY_GROUP, items: [node] };
}

/** Conditions on the same path share its map if their operators differ. Everything else that collides needs `$and`. */
function joinSpecs(a: Json, b: Json): JsonObject | null {
  if (!isJsonObject(a) || !isJsonObject(b)) return null;
  const names = [...Object.keys(a), ...Object.keys(b)];
  const areOperators = names.every((name) => name.startsWith("$") && name !== "$options");
  return areOperators && new Set(names).size === names.length ? { ...a, ...b } : null;
}

function joinQueries(queries: readonly JsonObject[]): JsonObject {
  const [only, ...others] = queries;
  if (only !== undefined && others.length === 0) return only;
  const joined = new Map<string, Json>();
  for (const query of queries) {
    for (const [name, value] of Object.entries(query)) {
      const before = joined.get(name);
      const both = before === undefined ? value : name.startsWith("$") ? null : joinSpecs(before, value);
      if (both === null && before !== undefined) return { $and: [...queries] };
      joined.set(name, both);
    }
  }
  return Object.fromEntries(joined);
}

function isEmpty(node: Node): boolean {
  return node.kind === "group" && node.items.every(isEmpty);
}

function writeNode(node: Node): JsonObject {
  if (node.kind === "raw") return node.query;
  if (node.kind === "condition") return Object.fromEntries([[node.path, writeTest(node.test)]]);
  const queries = node.items.filter((item) => !isEmpty(item)).map(writeNode);
  switch (node.combination) {
    case "all":
      return joinQueries(queries);
    case "any":
      return { $or: queries };
    case "none":
      return { $nor: queries };
  }
}

/** Writes the filter of a tree; null if it has no conditions. */
export function writeMatch(tree: Group): JsonObject | null {
  return isEmpty(tree) ? null : writeNode(tree);
}

/** A tree without the conditions that have no field yet. */
export function completeOf(tree: Group): Group {
  const items = tree.items.filter((item) => item.kind !== "condition" || item.path.trim() !== "");
  return { ...tree, items: items.map((item) => (item.kind === "group" ? completeOf(item) : item)) };
}

/** Adds a condition that all others are combined with: to the outermost group if all of its items must hold. */
export function withCondition(tree: Group, condition: Condition): Group {
  const items = tree.items.filter((item) => item.kind !== "condition" || item.path !== "");
  if (tree.combination === "all" || items.length === 0)
    return { ...tree, combination: "all", items: [...items, condition] };
  return { kind: "group", combination: "all", items: [{ ...tree, items }, condition] };
}
