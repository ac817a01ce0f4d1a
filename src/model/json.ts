import { Digits } from "./digits.ts";

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Returns whether a value is a map: an object that is neither null nor a list, nor a number with more digits than a double. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Digits);
}

/** Returns whether a value is a list. */
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** Returns an own member of a map, or undefined if the value is no map or has no such member. */
export function memberOf(value: unknown, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const INDEX = /^\d{1,9}$/;

/** Returns a member of a map by its name, or an item of a list by its index. */
export function partOf(value: unknown, name: string): Json | undefined {
  if (!isList(value)) return memberOf(value, name);
  return INDEX.test(name) ? value[Number(name)] : undefined;
}

/** Returns the value at a dotted path of names and list indexes, or undefined if there is none. */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>(partOf, value);
}

/** An envelope of SOAP has three: its own, its body, and the element of the message. */
const MAX_WRAPPINGS = 5;

/**
 * Returns the map inside of maps that have nothing else, such as the root element of an XML document. Attributes of XML
 * (`@name`) do not count. Returns the value itself if it wraps no map.
 */
export function unwrapped<Value>(value: Value): Value | JsonObject {
  let inner: Value | JsonObject = value;
  for (let depth = 0; depth < MAX_WRAPPINGS && isJsonObject(inner); depth += 1) {
    const names: readonly string[] = Object.keys(inner).filter((name) => !name.startsWith("@"));
    const only: Json | undefined = names.length === 1 ? memberOf(inner, names[0] ?? "") : undefined;
    if (!isJsonObject(only)) break;
    inner = only;
  }
  return inner;
}
