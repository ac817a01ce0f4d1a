import type { Captured } from "../../model/captured.ts";

const WRITTEN = /\{\{-?\s*captured\.([A-Za-z_]\w*)([^}]*)\}\}/g;
const TESTED = /\{%[^%]*\bcaptured\.([A-Za-z_]\w*)/g;
const HAS_DEFAULT = /\|\s*default\s*:/;

/** Returns the names of captured values that a template writes, unless it has a default for them or tests whether they are there. */
function neededValues(template: string): readonly string[] {
  const tested = new Set([...template.matchAll(TESTED)].map(([, name]) => name));
  const names = [...template.matchAll(WRITTEN)].flatMap(([, name = "", filters = ""]) =>
    HAS_DEFAULT.test(filters) || tested.has(name) ? [] : [name],
  );
  return [...new Set(names)];
}

/** Returns the names of the captured values that templates need and that are not there. */
export function missingValues(templates: readonly (string | undefined)[], captured: Captured): readonly string[] {
  const needed = templates.flatMap((template) => (template === undefined ? [] : neededValues(template)));
  return [...new Set(needed)].filter((name) => !Object.hasOwn(captured, name));
}

/** Returns the sentence that says which values a request lacks. */
export function lackOf(names: readonly string[]): string {
  const plural = names.length === 1 ? "value" : "values";
  return `The request needs the captured ${plural} ${names.join(", ")}, which no delivery of this alert to this destination has captured.`;
}
