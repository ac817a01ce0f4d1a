import type { Budget } from "../model/budget.ts";
import { type Json, isJsonObject, isList } from "../model/json.ts";

/** A value in a document; undefined if the path leads to nothing. */
export type Found = Json | undefined;
export type Test = (value: Found, budget: Budget) => boolean;

/** A part of a dotted path. `index` is null unless the part can also be the index of a list item. */
type Segment = { readonly name: string; readonly index: number | null };
export type Path = readonly Segment[];

const INDEX = /^(0|[1-9]\d{0,6})$/;

export function pathOf(dotted: string): Path {
  return dotted.split(".").map((name) => ({ name, index: INDEX.test(name) ? Number(name) : null }));
}

/**
 * Returns whether a test holds for any value that a path leads to. As in MongoDB, a path goes through every map of a list,
 * and a missing field is tested as undefined. Only own properties count.
 */
export function someAt(value: Found, path: Path, test: Test, budget: Budget, depth = 0): boolean {
  budget.spend(1);
  const segment = path[depth];
  if (segment === undefined) return test(value, budget);
  if (isList(value)) {
    if (segment.index !== null) return someAt(value[segment.index], path, test, budget, depth + 1);
    budget.spend(value.length);
    return value.some((item) => isJsonObject(item) && someAt(item, path, test, budget, depth));
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, segment.name)) return test(undefined, budget);
  return someAt(value[segment.name], path, test, budget, depth + 1);
}

/** Returns a test that also holds for a list if it holds for one of the items. */
export function orItem(test: Test): Test {
  return (value, budget) => {
    if (test(value, budget)) return true;
    if (!isList(value)) return false;
    budget.spend(value.length);
    return value.some((item) => test(item, budget));
  };
}
