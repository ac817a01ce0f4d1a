import { type Json, isJsonObject, isList } from "../model/json.ts";
import { type Work, spend } from "./work.ts";

/** A value in a document; undefined where there is none. */
export type Found = Json | undefined;
export type Test = (value: Found, work: Work) => boolean;

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
export function someAt(value: Found, path: Path, test: Test, work: Work, depth = 0): boolean {
  spend(work, 1);
  const segment = path[depth];
  if (segment === undefined) return test(value, work);
  if (isList(value)) {
    if (segment.index !== null) return someAt(value[segment.index], path, test, work, depth + 1);
    spend(work, value.length);
    return value.some((item) => isJsonObject(item) && someAt(item, path, test, work, depth));
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, segment.name)) return test(undefined, work);
  return someAt(value[segment.name], path, test, work, depth + 1);
}

/** A test that also holds for a list where it holds for one of its items. */
export function orItem(test: Test): Test {
  return (value, work) => {
    if (test(value, work)) return true;
    if (!isList(value)) return false;
    spend(work, value.length);
    return value.some((item) => test(item, work));
  };
}
