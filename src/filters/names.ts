import { type Json, isJsonObject, isList } from "../model/json.ts";
import type { FieldError } from "../model/result.ts";

/** The document that a filter is matched against. */
export type FilterSubject = {
  /** The names at the top of every such document. */
  readonly names: readonly string[];
  /** Returns the path that was probably meant by one that leads to nothing. */
  readonly suggest: (path: string) => string;
};

const LOGICAL: readonly string[] = ["$and", "$or", "$nor"];
const MAX_SHOWN = 200;

/**
 * Returns an error for each path of a filter that leads to nothing in any document, because no document has its first name.
 * The paths of the errors are those of `parseFilter`. Only for filters that are saved: stored ones must remain usable.
 */
export function unknownNames(filter: Json, subject: FilterSubject, at = ""): readonly FieldError[] {
  if (!isJsonObject(filter)) return [];
  return Object.entries(filter).flatMap(([name, value]): readonly FieldError[] => {
    const path = at === "" ? name : `${at}.${name}`;
    if (LOGICAL.includes(name)) {
      return isList(value) ? value.flatMap((part, index) => unknownNames(part, subject, `${path}[${index}]`)) : [];
    }
    const [first = ""] = name.split(".");
    if (name.startsWith("$") || subject.names.includes(first)) return [];
    const meant = subject.suggest(name).slice(0, MAX_SHOWN);
    const known = subject.names.map((each) => `"${each}"`).join(", ");
    return [{ path, message: `does not exist: a path must start with ${known}. Did you mean "${meant}"?` }];
  });
}
