import type { Integration } from "../model/integration.ts";
import { sourceOf } from "../sources/registry.ts";
import type { Interpreter } from "../sources/source.ts";

// An integration is one object for as long as the cache holds it: a change of it makes another.
const prepared = new WeakMap<Integration, Interpreter>();

/** The interpreter of an integration's requests, prepared once. */
export function interpreterOf(integration: Integration): Interpreter {
  const known = prepared.get(integration);
  if (known !== undefined) return known;
  const interpreter = sourceOf(integration.type).prepare(integration.options);
  prepared.set(integration, interpreter);
  return interpreter;
}
