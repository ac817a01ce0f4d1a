import type { Budget } from "../model/budget.ts";
import { type Json, isJsonObject, isList } from "../model/json.ts";

/** A value in a document; undefined where there is none. */
export type Found = Json | undefined;
export type Test = (value: Found, budget: Budget) => boolean;

/** A part of a dotted path; `index` where it can also be a place in a list. */
type Segment = { readonly name: string; readonly index: number | null };
export type Path = readonly Segment[];

const INDEX = /^(0|[1-9]\d{0,6})$/;

export function pathOf(dotted: string): Path {
  return dotted.split(".").map((name) => ({ name, index: INDEX.test(name) ? Number(name) : null }));
}

/**
 * Whether a test holds for any value that a path leads to. As in MongoDB a list on the way stands for each of the maps in it,
 * and what a map does not have is tested as undefined. Only a value's own fields are seen.
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

/** A test that also holds for a list where it holds for one of its items. */
export function orItem(test: Test): Test {
  return (value, budget) => {
    if (test(value, budget)) return true;
    if (!isList(value)) return false;
    budget.spend(value.length);
    return value.some((item) => test(item, budget));
  };
}
