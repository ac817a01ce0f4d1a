import type { KeyRing } from "../../crypto/key-ring.ts";
import { PRESETS } from "../../delivery/presets/registry.ts";
import type { Payload } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { check } from "../field-errors.ts";
import type { GivenPayload, GivenPreset } from "./payload-fields.ts";

const MAX_NAME = 200;

/** A number stands for its digits, because chat ids are written as numbers. */
function asText(value: unknown): unknown {
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
}

async function resolvePreset(
  keys: KeyRing,
  { preset, options: given = {} }: GivenPreset,
  id: string,
  stored: Payload | null,
): Promise<Result<Payload, readonly FieldError[]>> {
  const known = PRESETS[preset].options;
  const kept = stored?.mode === "preset" && stored.preset === preset ? stored.sealed_options : {};
  const errors: FieldError[] = Object.keys(given)
    .filter((option) => !Object.hasOwn(known, option))
    .map((option) => ({
      path: `payload.options.${option.slice(0, MAX_NAME)}`,
      message: `is not an option of the preset ${preset}`,
    }));
  const options: Record<string, string> = {};
  const sealed_options: Record<string, string> = {};
  for (const [option, { schema, required, secret }] of Object.entries(known)) {
    const path = `payload.options.${option}`;
    const value = Object.hasOwn(given, option) ? given[option] : undefined;
    const before = secret ? kept[option] : undefined;
    if (value === undefined) {
      if (before !== undefined) sealed_options[option] = before;
      else if (required) errors.push({ path, message: "is required" });
      continue;
    }
    const checked = check(schema(), asText(value), path);
    if (!checked.ok) errors.push(...checked.error);
    else if (secret) sealed_options[option] = await keys.seal(checked.value, id);
    else options[option] = checked.value;
  }
  return errors.length > 0 ? fail(errors) : ok({ mode: "preset", preset, options, sealed_options });
}

/** Resolves `payload` of a request to what is stored. `stored` is null for a new destination. */
export async function resolvePayload(
  keys: KeyRing,
  given: GivenPayload,
  id: string,
  stored: Payload | null,
): Promise<Result<Payload, readonly FieldError[]>> {
  switch (given.mode) {
    case "envelope":
    case "original":
    case "template":
      return ok(given);
    case "preset":
      return await resolvePreset(keys, given, id, stored);
  }
}
