import type * as z from "zod/mini";
import { PRESET_NAMES } from "../delivery/presets/registry.ts";
import { RULE_SETS } from "../sources/rules/sets/index.ts";

// People ask for a tool by its name as the `type`. The error then says how to ask for it.

type ErrorMap = (issue: z.core.$ZodRawIssue) => string | undefined;

/** Returns a name without case, spaces and punctuation: `Google Chat` is `googlechat`. */
function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function hintTo(hints: ReadonlyMap<string, string>, types: readonly string[]): ErrorMap {
  return ({ input }) => {
    if (input === undefined) return undefined;
    const hint = typeof input === "string" ? hints.get(bare(input)) : undefined;
    return hint ?? `must be a type that this gateway supports: ${types.join(", ")}`;
  };
}

/** Returns the error of an integration's `type` that is not one of `types`. */
export function integrationTypeError(types: readonly string[]): ErrorMap {
  const presets = PRESET_NAMES.map(
    (name) => [bare(name), `names a preset of destinations: send "type":"catch" for what ${name} sends`] as const,
  );
  const ruleSets = [...RULE_SETS.keys()].map(
    (name) => [bare(name), `names a rule set: send "type":"rules","options":{"rule_set":"${name}"}`] as const,
  );
  return hintTo(new Map([...presets, ...ruleSets]), types);
}

/** Returns the error of a destination's `type` that is not one of `types`. */
export function destinationTypeError(types: readonly string[]): ErrorMap {
  const presets = PRESET_NAMES.map(
    (name) =>
      [bare(name), `names a preset: send "type":"webhook","payload":{"mode":"preset","preset":"${name}"}`] as const,
  );
  return hintTo(new Map(presets), types);
}
