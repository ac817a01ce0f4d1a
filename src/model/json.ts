export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a map: an object that is neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** A member of a map; undefined for what is no map or has no such member of its own. */
export function memberOf(value: unknown, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const PLACE = /^\d{1,9}$/;

/** A member of a map by its name, or an item of a list by its place, from 0. */
export function partOf(value: unknown, name: string): Json | undefined {
  if (!isList(value)) return memberOf(value, name);
  return PLACE.test(name) ? value[Number(name)] : undefined;
}

/** The value at a dotted path of maps and places in lists; undefined where there is none. */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>(partOf, value);
}
