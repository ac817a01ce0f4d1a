import type { Json } from "../../model/json.ts";

/** A field with the name that the sender wrote. */
export type Entry = readonly [name: string, value: Json];

type Gathered = { readonly name: string; value: string | string[] | Map<string, string> };

// As in web frameworks, `Tags[]` adds to a list and `Meta[shard]` sets a key of a map.
const BRACKETED = /^([^[\]]+)\[([^[\]]*)\]$/;

function put(fields: Map<string, Gathered>, writtenName: string, value: string): void {
  const [, base, key] = BRACKETED.exec(writtenName) ?? [];
  const name = base ?? writtenName;
  const slot = name.toLowerCase();
  const before = fields.get(slot)?.value;
  if (key === undefined) {
    fields.set(slot, { name, value });
  } else if (key === "") {
    if (Array.isArray(before)) before.push(value);
    else fields.set(slot, { name, value: [value] });
  } else if (before instanceof Map) {
    before.set(key, value);
  } else {
    fields.set(slot, { name, value: new Map([[key, value]]) });
  }
}

/** Reads the fields of a query string or a form. If several names differ only in case, the last one counts. */
export function entriesOfForm(text: string): Entry[] {
  if (text === "") return [];
  const fields = new Map<string, Gathered>();
  for (const [name, value] of new URLSearchParams(text)) put(fields, name, value);
  return [...fields.values()].map(({ name, value }) => [
    name,
    value instanceof Map ? Object.fromEntries(value) : value,
  ]);
}
