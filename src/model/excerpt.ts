import { type Json, isJsonObject, isList } from "./json.ts";

/** Writes a value as JSON until `max` characters are written. Its work is bounded by them, however large the value is. */
function write(value: Json, max: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, max + 1));
  if (!isList(value) && !isJsonObject(value)) return JSON.stringify(value);
  const [open, close] = isList(value) ? ["[", "]"] : ["{", "}"];
  let text = open;
  const add = (item: Json, name: string): boolean => {
    text += `${text === open ? "" : ","}${name}${write(item, max - text.length)}`;
    return text.length <= max;
  };
  if (isList(value)) {
    for (const item of value) if (!add(item, "")) return text;
  } else {
    // Object.entries would copy a map of any size.
    for (const name in value) {
      if (Object.hasOwn(value, name) && !add(value[name] ?? null, `${JSON.stringify(name.slice(0, max + 1))}:`))
        return text;
    }
  }
  return text + close;
}

/** Returns a value, or the start of its JSON as a text if that is longer than `max` characters. */
export function excerptOf(value: Json, max: number): Json {
  const text = write(value, max);
  return text.length <= max ? value : `${text.slice(0, max).toWellFormed()}…`;
}
