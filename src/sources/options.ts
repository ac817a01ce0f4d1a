import type * as z from "zod/mini";
import type { JsonObject } from "../model/json.ts";
import { sourceOf } from "./registry.ts";
import { rulesOptions } from "./rules/options.ts";

/**
 * Returns the schema by which the options of an integration are checked when they are saved. Ingest does not import it: it
 * needs all rule sets. Throws if this version does not have the type.
 */
export function optionsOf(type: string): z.ZodMiniType<JsonObject> {
  return type === "rules" ? rulesOptions() : sourceOf(type).options;
}
